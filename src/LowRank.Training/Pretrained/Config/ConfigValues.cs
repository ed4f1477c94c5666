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
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    /// <summary>What is missing or has another form.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>A whole number that must be there, at least 1. What stands in for a wrong one is 1.</summary>
    public int Whole(string name, int most = LargestSize) => Take(At(name), place => (int?)place.Whole(1, most)) ?? 1;

    /// <summary>Whether it is there at all, even as null.</summary>
    public bool Has(string name) => At(name).Element is not null;

    /// <summary>A whole number of at least <paramref name="least"/>, or null where it is absent or null.</summary>
    public int? OptionalWhole(string name, int least = 1) => Take(Optional(name), place => (int?)place.Whole(least, LargestSize));

    /// <summary>Whole numbers of at least 0, or null where they are absent or null.</summary>
    public IReadOnlyList<int>? Wholes(string name) =>
        Take(Optional(name), place => (IReadOnlyList<int>)[.. place.Elements().Select(element => (int)element.Whole(0, LargestSize))]);

    /// <summary>Takes note that a key is known and changes nothing here.</summary>
    public void Know(string name) => asked.Add(name);

    /// <summary>The place of a key that nothing has asked for and that is neither absent nor null.</summary>
    public JsonPlace? Unread(string name) => asked.Contains(name) ? null : root.Optional(name);

    /// <summary>Records that a place should hold something else.</summary>
    public void MustBe(JsonPlace place, string kind) => problems.Add(place.MustBe(kind).What);

    /// <summary>A real number, or null where it is absent or null.</summary>
    public double? Real(string name) => Take(Optional(name), place => (double?)place.Real());

    /// <summary>A real number above 0, or null where it is absent or null.</summary>
    public double? Positive(string name) => Take(Optional(name), Positive);

    /// <summary>A real number above 0 of an object, or null.</summary>
    public double? Positive(JsonPlace parent, string name) => Take(parent.Optional(name), Positive);

    /// <summary>Real numbers above 0 of an object, or null.</summary>
    public IReadOnlyList<double>? Positives(JsonPlace parent, string name) =>
        Take(parent.Optional(name), place => (IReadOnlyList<double>)[.. place.Elements().Select(element => Positive(element)!.Value)]);

    /// <summary>A real number of an object, or null.</summary>
    public double? Real(JsonPlace parent, string name) => Take(parent.Optional(name), place => (double?)place.Real());

    /// <summary>Yes or no.</summary>
    public bool Flag(string name, bool absent) => Take(Optional(name), place => (bool?)place.Flag()) ?? absent;

    /// <summary>Yes or no of an object.</summary>
    public bool Flag(JsonPlace parent, string name, bool absent) => Take(parent.Optional(name), place => (bool?)place.Flag()) ?? absent;

    /// <summary>A text, or null where it is absent or null.</summary>
    public string? Text(string name) => Take(Optional(name), place => place.Text());

    /// <summary>A text of an object, or null.</summary>
    public string? Text(JsonPlace parent, string name) => Take(parent.Optional(name), place => place.Text());

    /// <summary>
    /// Texts as GPT-Neo counts them, <c>[[["global", "local"], 6]]</c>: those of each pair as often as it says; null where they are absent.
    /// </summary>
    public IReadOnlyList<string>? Repeated(string name) =>
        Take(
            Optional(name),
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
        Take(Optional(name), place => (IReadOnlyList<string>)[.. place.Elements().Select(element => element.Text())]);

    /// <summary>An object, or null where it is absent or null.</summary>
    public JsonPlace? Object(string name) => Take(Optional(name), place => place.IsObject ? place : throw place.MustBe("an object"));

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

    private JsonPlace At(string name)
    {
        asked.Add(name);
        return root.At(name);
    }

    private JsonPlace? Optional(string name)
    {
        asked.Add(name);
        return root.Optional(name);
    }

    private static double? Positive(JsonPlace place) =>
        place.Real() is var number and > 0 ? number : throw place.MustBe("a number above 0");

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
