using System.IO.Hashing;

namespace LowRank.Training.Data;

/// <summary>
/// Which documents are held out for validation. A document's own hash decides, so that adding documents moves none of the others.
/// </summary>
internal readonly struct CorpusSplit
{
    /// <summary>Documents with a hash below it are held out.</summary>
    private readonly ulong threshold;

    private CorpusSplit(ulong threshold) => this.threshold = threshold;

    /// <summary>Holds out about <paramref name="fraction"/> of the documents, which lies between 0 and 1.</summary>
    /// <param name="fraction">The share held out.</param>
    /// <param name="lowest">
    /// The lowest hash of all documents. That document is held out in any case: a small corpus would otherwise often have none.
    /// </param>
    /// <param name="highest">The highest hash, whose document is trained on in any case; above <paramref name="lowest"/>.</param>
    public static CorpusSplit ByHash(double fraction, ulong lowest, ulong highest) =>
        new(Math.Clamp((ulong)(fraction * ulong.MaxValue), lowest + 1, highest));

    /// <summary>
    /// Holds out about <paramref name="fraction"/> of the documents, from 0 (none) to below 1, without knowing them all.
    /// </summary>
    public static CorpusSplit ByHash(double fraction) => new((ulong)(fraction * ulong.MaxValue));

    public static ulong Hash(ReadOnlySpan<byte> document) => XxHash3.HashToUInt64(document);

    public bool IsValidation(ReadOnlySpan<byte> document) => IsValidation(Hash(document));

    public bool IsValidation(ulong hash) => hash < threshold;
}
