using LowRank.Training.Json;

namespace LowRank.Training.Pretrained.Config;

/// <summary>The values of a <c>config.json</c>, with a record of all that is missing or has another form.</summary>
/// <param name="root">The document's object.</param>
internal sealed class ConfigValues(JsonPlace root)
{
    // Far above any model's, and small enough that products of two, and tables of one, are never too large.
    private const int LargestSize = 1 << 24;

    /// <summary>More blocks than any model has.</summary>
    public const int MostBlocks = 10_000;

    private readonly List<string> problems = [];

    /// <summary>What is missing or has another form.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>A whole number that must be there, at least 1. What stands in for a wrong one is 1.</summary>
    public int Whole(string name, int most = LargestSize) => Take(root.At(name), place => (int?)place.Whole(1, most)) ?? 1;

    /// <summary>Whether it is there at all, even as null.</summary>
    public bool Has(string name) => root.At(name).Element is not null;

    /// <summary>A whole number of at least <paramref name="least"/>, or null where it is absent or null.</summary>
    public int? OptionalWhole(string name, int least = 1) => Take(root.Optional(name), place => (int?)place.Whole(least, LargestSize));

    /// <summary>A real number, or null where it is absent or null.</summary>
    public double? Real(string name) => Real(root, name);

    /// <summary>A real number of an object, or null.</summary>
    public double? Real(JsonPlace parent, string name) => Take(parent.Optional(name), place => (double?)place.Real());

    /// <summary>Yes or no.</summary>
    public bool Flag(string name, bool absent) => Take(root.Optional(name), place => (bool?)place.Flag()) ?? absent;

    /// <summary>A text, or null where it is absent or null.</summary>
    public string? Text(string name) => Text(root, name);

    /// <summary>A text of an object, or null.</summary>
    public string? Text(JsonPlace parent, string name) => Take(parent.Optional(name), place => place.Text());

    /// <summary>
    /// Texts as GPT-Neo counts them, <c>[[["global", "local"], 6]]</c>: those of each pair as often as it says; null where they are absent.
    /// </summary>
    public IReadOnlyList<string>? Repeated(string name) =>
        Take(
            root.Optional(name),
            place =>
                (IReadOnlyList<string>)
                    [
                        .. place
                            .Elements()
                            .Select(pair =>
                                pair.Elements().ToList() is [var texts, var count] ? (texts, count) : throw pair.MustBe("a pair")
                            )
                            .SelectMany(pair =>
                                Enumerable
                                    .Repeat(
                                        pair.texts.Elements().Select(text => text.Text()).ToList(),
                                        (int)pair.count.Whole(1, MostBlocks)
                                    )
                                    .SelectMany(texts => texts)
                            )
                            .Take(MostBlocks + 1),
                    ]
        );

    /// <summary>Texts, or null where they are absent or null.</summary>
    public IReadOnlyList<string>? Texts(string name) =>
        Take(root.Optional(name), place => (IReadOnlyList<string>)[.. place.Elements().Select(element => element.Text())]);

    /// <summary>An object, or null where it is absent or null.</summary>
    public JsonPlace? Object(string name) => Object(root, name);

    /// <summary>An object of an object, or null.</summary>
    public JsonPlace? Object(JsonPlace parent, string name) =>
        Take(parent.Optional(name), place => place.IsObject ? place : throw place.MustBe("an object"));

    /// <summary>A whole number of an object, at least 1, or null.</summary>
    public int? OptionalWhole(JsonPlace parent, string name) => Take(parent.Optional(name), place => (int?)place.Whole(1, LargestSize));

    /// <summary>Records something else that keeps the checkpoint from being read.</summary>
    public void Refuse(bool holds, string reason)
    {
        if (holds)
            problems.Add(reason);
    }

    // All that is wrong is said at once.
    private T? Take<T>(JsonPlace? place, Func<JsonPlace, T> read)
    {
        if (place is null)
            return default;
        try
        {
            return read(place);
        }
        catch (WrongJsonException exception)
        {
            problems.Add(exception.What);
            return default;
        }
    }
}
