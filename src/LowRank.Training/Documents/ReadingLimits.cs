using LowRank.Training.Wording;

namespace LowRank.Training.Documents;

/// <summary>How much a file may make a reader hold, so that a few bytes which claim to be gigabytes end in an error.</summary>
internal sealed record ReadingLimits
{
    /// <summary>What is read where nothing else is said.</summary>
    public static readonly ReadingLimits Usual = new();

    /// <summary>Bytes of one record, decompressed, with all that stands beside its text.</summary>
    public long LargestRecord { get; init; } = 256L << 20;

    /// <summary>What is wrong with a record that is too large, without a full stop.</summary>
    public string RecordFault => $"is larger than {Quantity.Bytes(LargestRecord)}";

    /// <summary>Bytes of one file, decompressed. A shard of a crawl has some gigabytes.</summary>
    public long LargestFile { get; init; } = 1L << 40;
}
