namespace LowRank.Training.Data.Shards;

/// <summary>Sequences one behind the other, which are closed with it.</summary>
internal sealed class JoinedTokens(IReadOnlyList<TokenSequence> parts) : TokenSequence(parts.Sum(part => part.Count))
{
    private protected override void Copy(long offset, Span<long> destination)
    {
        foreach (var part in parts)
        {
            if (offset < part.Count)
            {
                var piece = destination[..(int)Math.Min(destination.Length, part.Count - offset)];
                part.Read(offset, piece);
                destination = destination[piece.Length..];
                offset += piece.Length;
                if (destination.IsEmpty)
                    return;
            }

            offset -= part.Count;
        }
    }

    private protected override void Release()
    {
        foreach (var part in parts)
            part.Dispose();
    }
}
