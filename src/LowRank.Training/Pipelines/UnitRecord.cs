namespace LowRank.Training.Pipelines;

/// <summary>What a pass has done with the documents of one unit: its completion marker.</summary>
internal sealed record UnitRecord
{
    /// <summary>Documents that came in.</summary>
    public long Documents { get; init; }

    /// <summary>Bytes of their text in UTF-8.</summary>
    public long Bytes { get; init; }

    /// <summary>Documents that are left.</summary>
    public long Kept { get; init; }

    /// <summary>Bytes of what is left in UTF-8.</summary>
    public long KeptBytes { get; init; }

    /// <summary>Records of the file without text, such as pages of pictures, by reason.</summary>
    public IReadOnlyDictionary<string, long> WithoutText { get; init; } = Counts.None;

    /// <summary>Records of the file that are damaged.</summary>
    public long Broken { get; init; }

    /// <summary>Where the first of them is; null for none.</summary>
    public string? FirstBroken { get; init; }

    /// <summary>Why the file couldn't be read at all; null where it could.</summary>
    public string? Unreadable { get; init; }

    /// <summary>What each step of the pass has dropped, in their order.</summary>
    public IReadOnlyList<StepRecord> Steps { get; init; } = [];

    /// <summary>How many documents came in with 2^i to 2^(i+1) − 1 characters, by i; empty ones are among the first.</summary>
    public IReadOnlyList<long> Lengths { get; init; } = [];

    /// <summary>The same of what is left.</summary>
    public IReadOnlyList<long> KeptLengths { get; init; } = [];

    /// <summary>How many documents were found to be in each language, dropped or not.</summary>
    public IReadOnlyDictionary<string, long> Languages { get; init; } = Counts.None;
}
