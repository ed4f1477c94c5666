using System.Text.Json;
using System.Text.Json.Nodes;

namespace LowRank.Training.Experiments;

/// <summary>Sets training options by their names: every property of <see cref="TrainingOptions"/> is a key, whatever is added to it.</summary>
internal static class OptionOverrides
{
    // Set by the experiment itself, run by run.
    private static readonly string[] Own = ["seed", "output", "resume", "learningRate"];

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. ExperimentJson.Default.TrainingOptions.Properties.Select(property => property.Name).Except(Own)];

    /// <summary>The options with those keys set that are names of options.</summary>
    /// <exception cref="InputException">A value has the wrong type.</exception>
    public static TrainingOptions Apply(TrainingOptions options, IReadOnlyDictionary<string, JsonNode?> settings, string file, string place)
    {
        foreach (var (key, value) in settings)
        {
            if (!Names.Contains(key))
                continue;
            var members = JsonSerializer.SerializeToNode(options, ExperimentJson.Default.TrainingOptions)!.AsObject();
            members[key] = value?.DeepClone();
            try
            {
                options = members.Deserialize(ExperimentJson.Default.TrainingOptions)!;
            }
            catch (JsonException)
            {
                var type = ExperimentJson.Default.TrainingOptions.Properties.Single(property => property.Name == key).PropertyType;
                var allowed = type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}" : $"a {(Nullable.GetUnderlyingType(type) ?? type).Name}";
                throw new InputException($"{file}: {place}.{key} must be {allowed}, not {value?.ToJsonString() ?? "null"}.");
            }
        }

        return options;
    }
}
