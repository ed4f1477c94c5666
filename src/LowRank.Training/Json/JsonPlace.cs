using System.Globalization;
using System.Text.Json;

namespace LowRank.Training.Json;

/// <summary>
/// A place in a JSON file that others have written, read strictly: what is wrong is said with the file, the place and what is allowed.
/// </summary>
internal sealed class JsonPlace
{
    private const int MostShown = 80;

    private readonly JsonPlace? parent;
    private readonly string name;

    /// <summary>A place.</summary>
    /// <param name="file">The file, as messages call it.</param>
    /// <param name="path">The place's path; empty for the whole document.</param>
    /// <param name="element">What stands there; null for nothing.</param>
    public JsonPlace(string file, string path, JsonElement? element)
        : this(null, file, path, element) { }

    private JsonPlace(JsonPlace? parent, string file, string name, JsonElement? element)
    {
        this.parent = parent;
        this.name = name;
        File = file;
        Element = element;
    }

    public string File { get; }

    /// <summary>Where it is, such as <c>contenders[2].name</c>.</summary>
    public string Path => parent is null || parent.Path.Length == 0 ? name.TrimStart('.') : parent.Path + name;

    public JsonElement? Element { get; }

    /// <summary>Whether nothing stands there, or null.</summary>
    public bool IsEmpty => Element is null or { ValueKind: JsonValueKind.Null };

    public bool IsArray => Element is { ValueKind: JsonValueKind.Array };

    public bool IsObject => Element is { ValueKind: JsonValueKind.Object };

    public bool IsText => Element is { ValueKind: JsonValueKind.String };

    /// <summary>The member of an object; an empty place where there is none.</summary>
    public JsonPlace At(string key) => Member(key, IsObject && Element!.Value.TryGetProperty(key, out var value) ? value : null);

    /// <summary>The member of an object, or null where it is absent or null.</summary>
    public JsonPlace? Optional(string key) => At(key) is { IsEmpty: false } found ? found : null;

    /// <summary>The members of an object, in the file's order.</summary>
    public IEnumerable<(string Key, JsonPlace Place)> Members() =>
        IsObject
            ? Element!.Value.EnumerateObject().Select(member => (member.Name, Member(member.Name, member.Value)))
            : throw MustBe("an object");

    /// <summary>The members of an object whose keys are all known.</summary>
    public IReadOnlyDictionary<string, JsonElement> Members(IReadOnlyCollection<string> allowed)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (key, place) in Members())
        {
            if (!allowed.Contains(key))
                throw Wrong($"has no key '{ShownText.Of(key)}'; allowed are {string.Join(", ", allowed.Order(StringComparer.Ordinal))}");
            members.Add(key, place.Element!.Value);
        }

        return members;
    }

    /// <summary>The elements of a list.</summary>
    public IReadOnlyList<JsonPlace> Elements() =>
        IsArray
            ?
            [
                .. Element!
                    .Value.EnumerateArray()
                    .Select(
                        (element, index) => new JsonPlace(this, File, string.Create(CultureInfo.InvariantCulture, $"[{index}]"), element)
                    ),
            ]
            : throw MustBe("an array");

    /// <summary>A whole number.</summary>
    public long Whole(string kind = "a whole number") =>
        Element is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : throw MustBe(kind);

    /// <summary>A whole number between bounds, both included.</summary>
    public long Whole(long least, long most)
    {
        var kind = string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}");
        return Whole(kind) is var number && number >= least && number <= most ? number : throw MustBe(kind);
    }

    /// <summary>A finite number.</summary>
    public double Real(string kind = "a number") =>
        Element is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw MustBe(kind);

    public bool Flag() =>
        Element is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : throw MustBe("true or false");

    public string Text(string kind = "a text") => IsText ? Element!.Value.GetString()! : throw MustBe(kind);

    /// <summary>What is said where something else stands there, or nothing.</summary>
    public WrongJsonException MustBe(string kind) =>
        Element is { } value ? Wrong($"must be {kind}, not {Shown(value)}") : Wrong($"is missing; it must be {kind}");

    public WrongJsonException Wrong(string what) => new(File, $"{(Path.Length == 0 ? "the file" : Path)} {what}");

    private static string Shown(JsonElement value)
    {
        var raw = value.GetRawText();
        return (value.ValueKind, raw.Length) switch
        {
            (JsonValueKind.Object, > MostShown) => "a large object",
            (JsonValueKind.Array, > MostShown) => "a long array",
            _ => ShownText.Of(raw),
        };
    }

    private JsonPlace Member(string key, JsonElement? value) => new(this, File, "." + ShownText.Of(key), value);
}
