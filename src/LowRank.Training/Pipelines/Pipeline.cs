using LowRank.Training.Documents;
using LowRank.Training.Filtering;

namespace LowRank.Training.Pipelines;

/// <summary>A declared way from files of text to filtered documents and tokens.</summary>
internal sealed record Pipeline
{
    /// <summary>Files and folders that hold documents.</summary>
    public required IReadOnlyList<string> Input { get; init; }

    /// <summary>What the text is called in records; null for <c>text</c>, or <c>content</c> where there is none.</summary>
    public string? TextColumn { get; init; }

    /// <summary>The folder of everything that is written.</summary>
    public required string Output { get; init; }

    /// <summary>The steps in their order.</summary>
    public required IReadOnlyList<PipelineStep> Steps { get; init; }

    /// <summary>What counts as a word.</summary>
    public string Words { get; init; } = WordSplitters.Usual;

    /// <summary>Makes what finds words, for one thread.</summary>
    public Func<IWordSplitter> Splitter => WordSplitters.Find(Words)!;

    /// <summary>Documents of more bytes are broken ones.</summary>
    public long LargestDocument { get; init; } = ReadingLimits.Usual.LargestRecord;

    /// <summary>A file that becomes more bytes than these when it is decompressed is no file of text but a bomb.</summary>
    public long LargestFile { get; init; } = ReadingLimits.Usual.LargestFile;
}
