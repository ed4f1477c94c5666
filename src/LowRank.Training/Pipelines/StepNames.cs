namespace LowRank.Training.Pipelines;

/// <summary>What the steps of a pipeline are called, in files, options and reports.</summary>
internal static class StepNames
{
    public const string Url = "url";
    public const string Language = "language";
    public const string GopherRepetition = "gopher-repetition";
    public const string GopherQuality = "gopher-quality";
    public const string C4 = "c4";
    public const string FineWebQuality = "fineweb-quality";
    public const string Exact = "exact";
    public const string MinHash = "minhash";
    public const string Pii = "pii";
    public const string Tokens = "tokens";

    /// <summary>All, in the order in which they are usually taken.</summary>
    public static IReadOnlyList<string> All { get; } =
    [Url, Language, GopherRepetition, GopherQuality, C4, FineWebQuality, Exact, MinHash, Pii, Tokens];
}
