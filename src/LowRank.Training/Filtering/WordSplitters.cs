namespace LowRank.Training.Filtering;

/// <summary>The splitters that a pipeline can name. Each is made anew for a thread.</summary>
internal static class WordSplitters
{
    private static readonly Dictionary<string, Func<IWordSplitter>> ByName = new(StringComparer.Ordinal)
    {
        ["english"] = () => new EnglishSplitter(),
        ["whitespace"] = () => new WhiteSpaceSplitter(),
    };

    /// <summary>The name of that by which the published numbers were counted.</summary>
    public const string Usual = "english";

    /// <summary>Their names.</summary>
    public static string All => string.Join(", ", ByName.Keys);

    /// <summary>Makes one; null if there is none of this name.</summary>
    public static Func<IWordSplitter>? Find(string name) => ByName.GetValueOrDefault(name);
}
