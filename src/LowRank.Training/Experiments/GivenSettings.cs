using System.Text.Json;
using System.Text.Json.Nodes;
using LowRank.Training.Json;
using LowRank.Training.Runs;
using LowRank.Training.Runs.Options;

namespace LowRank.Training.Experiments;

/// <summary>The training options that a contender sets, by their keys.</summary>
/// <param name="settings">Its settings, those in common included.</param>
/// <param name="file">The experiment's file.</param>
/// <param name="place">The contender, as messages name it.</param>
internal sealed class GivenSettings(IReadOnlyDictionary<string, JsonElement> settings, string file, string place) : IGivenOptions
{
    private static readonly string OptimizerKey = OptionKeys.Of(nameof(TrainingOptions.Optimizer));

    /// <inheritdoc/>
    public OptimizerKind? Optimizer =>
        settings.TryGetValue(OptimizerKey, out var value) ? Set(NoOptions, OptimizerKey, value).Optimizer : null;

    // Only read for what is set in it.
    private static TrainingOptions NoOptions { get; } =
        new()
        {
            Steps = 1,
            SequencesPerStep = 1,
            SequencesPerMicroBatch = 1,
            Context = 1,
        };

    /// <inheritdoc/>
    public bool Has(string property) => settings.TryGetValue(OptionKeys.Of(property), out var value) && !IsTakenBack(property, value);

    /// <inheritdoc/>
    public TrainingOptions ApplyTo(TrainingOptions options)
    {
        foreach (var (key, value) in settings.Where(setting => OptionKeys.OfContenders.Contains(setting.Key)))
        {
            var option = DeclaredTrainingOptions.All.FirstOrDefault(option => option.Key == key);
            if (key != OptimizerKey && (option is null || !IsTakenBack(option.Property, value)))
                options = Set(options, key, value);
        }

        return options;
    }

    // Null leaves an optimizer's option to its default, also one that all contenders have in common.
    private static bool IsTakenBack(string property, JsonElement value) =>
        value.ValueKind == JsonValueKind.Null
        && DeclaredTrainingOptions.All.Any(option => option.Property == property && option.Owners.Count > 0);

    private TrainingOptions Set(TrainingOptions options, string key, JsonElement value)
    {
        var type = ExperimentJson.Default.TrainingOptions.Properties.Single(property => property.Name == key).PropertyType;
        var members = JsonSerializer.SerializeToNode(options, ExperimentJson.Default.TrainingOptions)!.AsObject();
        var at = new JsonPlace(file, $"{place}.{key}", value);
        members[key] = type == typeof(FineTuningOptions) && at.IsObject ? FineTuning(at) : Node(value);
        try
        {
            // Enums by name alone: their numbers mean nothing to a reader.
            if (type.IsEnum && !at.IsText)
                throw new JsonException();
            return members.Deserialize(ExperimentJson.Default.TrainingOptions)!;
        }
        catch (JsonException)
        {
            throw at.MustBe(Allowed(type));
        }
    }

    // A method brings defaults, which the other keys override.
    private static JsonObject FineTuning(JsonPlace place)
    {
        var given = place.Members([.. DeclaredFineTuningOptions.All.Select(option => option.Key)]);
        var method = FineTuningMethods.Parse(place.At("method").Text($"one of {FineTuningMethods.All}"));
        var members = JsonSerializer
            .SerializeToNode(new FineTuningOptions { Method = method }, ExperimentJson.Default.FineTuningOptions)!
            .AsObject();
        var isUnguided =
            given.TryGetValue("guide", out var named)
            && named.ValueKind == JsonValueKind.String
            && string.Equals(named.GetString(), FineTuningNames.Of(Guide.None), StringComparison.OrdinalIgnoreCase);
        foreach (var (name, value) in given.Where(member => member.Key != "method"))
        {
            if (value.ValueKind != JsonValueKind.Null)
            {
                var option = DeclaredFineTuningOptions.All.Single(option => option.Key == name);
                DeclaredFineTuningOptions.RefuseOfOthers(option, method);
                DeclaredFineTuningOptions.RefusePhaseOutWithoutGuide(option, isUnguided ? Guide.None : Guide.Mixed);
            }

            members[name] = Node(value);
        }

        return members;
    }

    private static JsonNode? Node(JsonElement value) => JsonNode.Parse(value.GetRawText());

    private static string Allowed(Type type)
    {
        if (type == typeof(OptimizerKind))
            return $"one of {OptimizerKinds.All}";
        if (type == typeof(FineTuningOptions))
            return $"an object with a method ({FineTuningMethods.All}) and its options";
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) ? "a text"
            : type == typeof(double) ? "a number"
            : type == typeof(bool) ? "true or false"
            : "a whole number";
    }
}
