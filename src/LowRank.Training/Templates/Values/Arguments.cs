using System.Globalization;

namespace LowRank.Training.Templates.Values;

/// <summary>What a call gives.</summary>
/// <param name="Positional">Values by position.</param>
/// <param name="Named">Values by name.</param>
internal sealed record Arguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    /// <summary>Stands for a value that wasn't given.</summary>
    public static readonly object Missing = new();

    private static readonly Dictionary<string, object?> NoNames = new(StringComparer.Ordinal);

    /// <summary>Nothing.</summary>
    public static Arguments None { get; } = new([], NoNames);

    /// <summary>Values by position alone.</summary>
    public static Arguments Of(params object?[] values) => new(values, NoNames);

    /// <summary>The values in the order of the parameters, <see cref="Missing"/> where one wasn't given.</summary>
    /// <param name="function">What is called.</param>
    /// <param name="parameters">The names of its parameters.</param>
    /// <exception cref="TemplateFault">There are too many, or one is called otherwise.</exception>
    public object?[] Bind(string function, params ReadOnlySpan<string> parameters)
    {
        if (Positional.Count > parameters.Length)
            throw new TemplateFault(
                string.Create(CultureInfo.InvariantCulture, $"{function} takes at most {parameters.Length} values, not {Positional.Count}")
            );
        var values = new object?[parameters.Length];
        Array.Fill(values, Missing);
        for (var index = 0; index < Positional.Count; index++)
            values[index] = Positional[index];
        foreach (var (name, value) in Named)
        {
            var index = parameters.IndexOf(name);
            if (index < 0)
                throw new TemplateFault($"{function} has no parameter '{name}'");
            if (index < Positional.Count)
                throw new TemplateFault($"{function} is given '{name}' twice");
            values[index] = value;
        }

        return values;
    }
}
