using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using LowRank.Training.Json;

namespace LowRank.Training.Pipelines;

/// <summary>Reads what a pipeline says of one step, strictly: each key is an option's, each value of its kind.</summary>
internal static class StepOptions
{
    /// <summary>The options, those that aren't given with their defaults.</summary>
    /// <param name="place">The step.</param>
    /// <param name="type">The options' type, which has defaults.</param>
    /// <param name="defaults">The defaults.</param>
    /// <param name="besides">Keys of the step that are no options.</param>
    /// <exception cref="WrongJsonException">A key is unknown or a value is out of its range; what is allowed is said.</exception>
    public static T Read<T>(JsonPlace place, JsonTypeInfo<T> type, T defaults, IReadOnlyCollection<string> besides)
    {
        var properties = type.Properties;
        var given = place.Members([.. properties.Select(property => property.Name), .. besides]);
        var members = JsonSerializer.SerializeToNode(defaults, type)!.AsObject();
        var result = defaults;
        foreach (var property in properties.Where(property => given.ContainsKey(property.Name)))
        {
            var value = place.At(property.Name);
            CheckRange(value, property.PropertyType);
            members[property.Name] = JsonNode.Parse(given[property.Name].GetRawText());
            try
            {
                result = members.Deserialize(type)!;
            }
            catch (JsonException)
            {
                throw value.MustBe(Allowed(property.PropertyType));
            }
        }

        return result;
    }

    /// <summary>Thresholds and counts: none is below zero.</summary>
    private static void CheckRange(JsonPlace value, Type type)
    {
        if (value.Element is { ValueKind: JsonValueKind.Number } number && number.GetDouble() is < 0 or double.PositiveInfinity)
            throw value.MustBe($"{Allowed(type)} of at least 0");
    }

    private static IEnumerable<string> Names(Type type) =>
        from object value in Enum.GetValuesAsUnderlyingType(type)
        select JsonSerializer.SerializeToNode(Enum.ToObject(type, value), PipelineJson.Default.GetTypeInfo(type)!)!.GetValue<string>();

    private static string Allowed(Type type)
    {
        var isOptional = Nullable.GetUnderlyingType(type) is not null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        var kind =
            type == typeof(bool) ? "true or false"
            : type == typeof(string) ? "a text"
            : type.IsEnum ? $"one of {string.Join(", ", Names(type))}"
            : type == typeof(double) ? "a number"
            : type == typeof(int) || type == typeof(long) || type == typeof(ulong) ? "a whole number"
            : type.Name.Contains("Dictionary", StringComparison.Ordinal) ? "an object of numbers"
            : "a list";
        return isOptional ? kind + " or null" : kind;
    }
}
