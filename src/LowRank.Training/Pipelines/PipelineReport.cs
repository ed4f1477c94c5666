namespace LowRank.Training.Pipelines;

/// <summary>What a pipeline has done with all of its documents.</summary>
internal sealed record PipelineReport
{
    /// <summary>Input files.</summary>
    public int Files { get; init; }

    /// <summary>Files of folders that could not be read, with the reason, of many the first.</summary>
    public IReadOnlyDictionary<string, string> Unreadable { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How many these are.</summary>
    public int UnreadableFiles { get; init; }

    /// <summary>What was passed over in folders, by reason.</summary>
    public IReadOnlyDictionary<string, int> Skipped { get; init; } = new SortedDictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Documents read.</summary>
    public long Documents { get; init; }

    /// <summary>Bytes of their text in UTF-8.</summary>
    public long Bytes { get; init; }

    /// <summary>Records without text, such as pages of pictures, by reason.</summary>
    public IReadOnlyDictionary<string, long> WithoutText { get; init; } = Counts.None;

    /// <summary>Broken records, which hold no document.</summary>
    public long Broken { get; init; }

    /// <summary>Where the first is; null for none.</summary>
    public string? FirstBroken { get; init; }

    /// <summary>Documents left.</summary>
    public long Kept { get; init; }

    /// <summary>Bytes of their text in UTF-8.</summary>
    public long KeptBytes { get; init; }

    /// <summary>Tokens of them, end-of-text tokens included; null where none were made.</summary>
    public long? Tokens { get; init; }

    /// <summary>What each step has done, in their order.</summary>
    public IReadOnlyList<StepRecord> Steps { get; init; } = [];

    /// <summary>How many documents were read with 2^i to 2^(i+1) − 1 characters, by i.</summary>
    public IReadOnlyList<long> Lengths { get; init; } = [];

    /// <summary>The same of what is left.</summary>
    public IReadOnlyList<long> KeptLengths { get; init; } = [];

    /// <summary>How many documents were found to be in each language.</summary>
    public IReadOnlyDictionary<string, long> Languages { get; init; } = Counts.None;
}
