using System.Text.Json;
using System.Text.Json.Nodes;
using LowRank.Training.Json;
using LowRank.Training.Runs;

namespace LowRank.Training.Experiments;

/// <summary>
/// Sets training options by their names: every property of <see cref="TrainingOptions"/> is a key, whatever is added to it.
/// </summary>
internal static class OptionOverrides
{
    // Set by the experiment itself, run by run.
    private static readonly string[] Own = ["seed", "output", "resume", "learningRate"];

    private const string Optimizer = "optimizer";

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [.. ExperimentJson.Default.TrainingOptions.Properties.Select(property => property.Name).Except(Own)];

    /// <summary>The options with those keys set that are names of options.</summary>
    /// <exception cref="InputException">A value has the wrong type.</exception>
    public static TrainingOptions Apply(
        TrainingOptions options,
        IReadOnlyDictionary<string, JsonElement> settings,
        string file,
        string place
    )
    {
        // An optimizer brings defaults, which the other keys override.
        foreach (var (key, value) in settings.OrderBy(setting => setting.Key != Optimizer))
        {
            if (!Names.Contains(key) || (value.ValueKind == JsonValueKind.Null && OptimizerOptions.HasOwners(key)))
                continue;
            var type = ExperimentJson.Default.TrainingOptions.Properties.Single(property => property.Name == key).PropertyType;
            var members = JsonSerializer.SerializeToNode(options, ExperimentJson.Default.TrainingOptions)!.AsObject();
            var at = new JsonPlace(file, $"{place}.{key}", value);
            members[key] = type == typeof(FineTuningOptions) && at.IsObject ? FineTuning(at) : Node(value);
            try
            {
                // Enums by name alone: their numbers mean nothing to a reader.
                if (type.IsEnum && !at.IsText)
                    throw new JsonException();
                var changed = members.Deserialize(ExperimentJson.Default.TrainingOptions)!;
                options = key == Optimizer ? options.WithOptimizer(changed.Optimizer) : changed;
            }
            catch (JsonException)
            {
                throw at.MustBe(Allowed(type));
            }
        }

        // Null leaves an optimizer's option to its default, also one that all contenders have in common.
        foreach (var (key, _) in settings.Where(setting => setting.Value.ValueKind != JsonValueKind.Null))
            OptimizerOptions.Refuse(key, $"{file}: {place}.{key}", options.Optimizer);
        return options;
    }

    // A method brings defaults, which the other keys override.
    private static JsonObject FineTuning(JsonPlace place)
    {
        var given = place.Members([.. ExperimentJson.Default.FineTuningOptions.Properties.Select(property => property.Name)]);
        var method = FineTuningMethods.Parse(place.At("method").Text($"one of {FineTuningMethods.All}"));
        var members = JsonSerializer
            .SerializeToNode(new FineTuningOptions { Method = method }, ExperimentJson.Default.FineTuningOptions)!
            .AsObject();
        foreach (var (name, value) in given.Where(member => member.Key != "method"))
        {
            if (value.ValueKind != JsonValueKind.Null)
                FineTuningMethods.Refuse(name, $"{place.File}: {place.Path}.{name}", method);
            members[name] = Node(value);
        }

        return members;
    }

    private static JsonNode? Node(JsonElement value) => JsonNode.Parse(value.GetRawText());

    private static string Allowed(Type type)
    {
        if (type == typeof(OptimizerKind))
            return $"one of {string.Join(", ", Enum.GetValues<OptimizerKind>().Select(kind => kind.Key()))}";
        if (type == typeof(FineTuningOptions))
            return $"an object with a method ({FineTuningMethods.All}) and its options";
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) ? "a text"
            : type == typeof(double) ? "a number"
            : type == typeof(bool) ? "true or false"
            : "a whole number";
    }
}
