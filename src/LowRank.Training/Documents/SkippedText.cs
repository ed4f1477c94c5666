namespace LowRank.Training.Documents;

/// <summary>Something below a folder of text that was passed over.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Reason">Why, in a few words that go behind a number: ".json", "not UTF-8", "links to nothing".</param>
public sealed record SkippedText(string Path, string Reason);
