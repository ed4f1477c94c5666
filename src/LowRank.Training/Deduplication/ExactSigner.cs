using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace LowRank.Training.Deduplication;

/// <summary>
/// Signs by XXH3 of 128 bits over the text's UTF-16 units, as they are. Two different ones of n texts are taken for equal with the
/// probability n² / 2^129: 10^-17 for 10^11 texts. Who wants to can construct such a pair, and loses one of the two.
/// </summary>
internal sealed class ExactSigner : UnitSigner
{
    private readonly int ranges;

    /// <param name="unit">The unit's number.</param>
    /// <param name="ranges">Parts into which hashes are divided by their size.</param>
    /// <param name="spool">Takes the signatures.</param>
    public ExactSigner(int unit, int ranges, RecordSpool spool)
        : base(unit, spool) => this.ranges = ranges;

    /// <inheritdoc/>
    protected override void Sign(ReadOnlySpan<char> text, ulong node)
    {
        var hash = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(text));
        var upper = (ulong)(hash >> 64);
        Put((int)Math.BigMul(upper, (ulong)ranges, out _), [upper, (ulong)hash], node);
    }
}
