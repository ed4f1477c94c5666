namespace LowRank.Training.Data.Shards;

/// <summary>A part of a sequence, which is closed with it.</summary>
internal sealed class TokenSlice(TokenSequence whole, long start, long count) : TokenSequence(count)
{
    private protected override void Copy(long offset, Span<long> destination) => whole.Read(start + offset, destination);

    private protected override void Release() => whole.Dispose();
}
