using System.Globalization;
using System.Text.Json;

namespace LowRank.Training.Filtering;

/// <summary>Refuses options of a filter that mean nothing, naming filter and key.</summary>
/// <param name="filter">The filter, as in pipelines.</param>
internal readonly struct FilterOption(string filter)
{
    /// <summary>A share of a whole, from 0 to 1.</summary>
    public void Share(string property, double? value)
    {
        if (value is not (null or (>= 0 and <= 1)))
            throw Wrong(property, value.Value, "must lie between 0 and 1");
    }

    /// <summary>A number per word or a length, at least 0.</summary>
    public void NotNegative(string property, double? value)
    {
        if (value is not (null or (>= 0 and < double.PositiveInfinity)))
            throw Wrong(property, value.Value, "must be at least 0");
    }

    /// <summary>A count of at least one.</summary>
    public void Positive(string property, double? value)
    {
        if (value is not (null or (>= 1 and < double.PositiveInfinity)))
            throw Wrong(property, value.Value, "must be at least 1");
    }

    /// <summary>Limits by n of an n-gram.</summary>
    public void Shares(string property, IReadOnlyDictionary<int, double> limits)
    {
        foreach (var (n, limit) in limits)
        {
            if (n < 1)
                throw Wrong($"A key of {Key(property)}", n, "must be a number of words, at least 1");
            Share($"{Key(property)}.{n.ToString(CultureInfo.InvariantCulture)}", limit);
        }
    }

    /// <summary>Texts of which at least one is needed, none of them empty.</summary>
    public void Filled(string property, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0 || texts.Any(string.IsNullOrEmpty))
            throw new InputException($"{Key(property)} of {filter} must name at least one text, and none that is empty.");
    }

    private static string Key(string property) => JsonNamingPolicy.CamelCase.ConvertName(property);

    private InputException Wrong(string property, double value, string rule) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{Key(property)} of {filter} is {value}, and {rule}."));
}
