using System.Globalization;
using System.Text.Json.Nodes;

namespace LowRank.Training.Experiments;

/// <summary>A place in an experiment's file, read strictly: what is wrong is said with the file, the place and what is allowed.</summary>
internal sealed record JsonPlace(string File, string Path, JsonNode? Node)
{
    /// <summary>The members of an object whose keys are all known.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Members(IReadOnlyCollection<string> allowed)
    {
        if (Node is not JsonObject members)
            throw Wrong("must be an object");
        foreach (var (key, _) in members)
        {
            if (!allowed.Contains(key))
                throw Wrong($"has no key '{key}'; allowed are {string.Join(", ", allowed.Order(StringComparer.Ordinal))}");
        }

        return members.ToDictionary(member => member.Key, member => member.Value, StringComparer.Ordinal);
    }

    public JsonPlace At(string key) => new(File, Path.Length == 0 ? key : $"{Path}.{key}", (Node as JsonObject)?[key]);

    public IReadOnlyList<JsonPlace> Elements() => Node is JsonArray array
        ? [.. array.Select((node, index) => new JsonPlace(File, string.Create(CultureInfo.InvariantCulture, $"{Path}[{index}]"), node))]
        : throw Wrong("must be an array");

    public T Value<T>(string kind) => Node is null
        ? throw Wrong($"is missing; it must be {kind}")
        : Node is JsonValue value && value.TryGetValue(out T? read) ? read : throw Wrong($"must be {kind}, not {Node.ToJsonString()}");

    public InputException Wrong(string what) => new($"{File}: {(Path.Length == 0 ? "the experiment" : Path)} {what}.");
}
