using LowRank.Training.Wording;

namespace LowRank.Training.Documents;

/// <summary>How much a file may make a reader hold, so that a few bytes which claim to be gigabytes end in an error.</summary>
internal sealed record ReadingLimits
{
    /// <summary>What is read where nothing else is said.</summary>
    public static readonly ReadingLimits Usual = new();

    /// <summary>Bytes of one record, decompressed, with all that stands beside its text; also of a page within a Parquet file.</summary>
    public long LargestRecord { get; init; } = 256L << 20;

    /// <summary>Bytes of one file, decompressed. A shard of a crawl has some gigabytes.</summary>
    public long LargestFile { get; init; } = 1L << 40;

    /// <summary>
    /// Decompressed bytes for each compressed one, of a file or page above <see cref="FreeExpansion"/>. Text has 3 to 10, the most
    /// repetitive of it some dozens.
    /// </summary>
    public long LargestExpansion { get; init; } = 250;

    /// <summary>So many decompressed bytes are never too many for those compressed.</summary>
    public long FreeExpansion { get; init; } = 64L << 20;

    /// <summary>What is wrong with a record that is too large, without a full stop.</summary>
    public string RecordFault => $"is larger than {Quantity.Bytes(LargestRecord)}";

    /// <summary>Whether compressed data gives more than text would.</summary>
    public bool IsBomb(long compressed, long decompressed) => decompressed > FreeExpansion && decompressed / LargestExpansion > compressed;
}
