using System.IO.Hashing;
using LowRank.Training.Documents;
using LowRank.Training.Files;

namespace LowRank.Training.Data;

/// <summary>
/// Writes a shard of tokens piece by piece. It stands under its name only after <see cref="Complete"/>, on disk to the last byte;
/// disposed earlier, the writer leaves nothing.
/// </summary>
internal sealed class TokenShardWriter : IDisposable
{
    private readonly string path;
    private readonly int bytesPerToken;
    private readonly UnfinishedFile file;
    private readonly XxHash128 hash = new();
    private readonly byte[] buffer = new byte[1 << 16];

    /// <param name="path">The shard's name; its folder exists.</param>
    /// <param name="vocabularySize">Number of ids; up to 65,536 a token takes two bytes, above that four.</param>
    public TokenShardWriter(string path, int vocabularySize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabularySize);
        this.path = path;
        bytesPerToken = TokenWidth.Of(vocabularySize);
        file = new UnfinishedFile(path);
    }

    /// <summary>Number of tokens written.</summary>
    public long Count { get; private set; }

    /// <summary>Adds tokens at the end.</summary>
    public void Write(ReadOnlySpan<int> tokens)
    {
        while (!tokens.IsEmpty)
        {
            var count = Math.Min(tokens.Length, buffer.Length / bytesPerToken);
            var piece = buffer.AsSpan(0, count * bytesPerToken);
            TokenWidth.Encode(tokens[..count], bytesPerToken, piece);
            WriteEncoded(piece);
            tokens = tokens[count..];
        }
    }

    /// <summary>Adds tokens at the end that are as they stand in the file already.</summary>
    public void WriteEncoded(ReadOnlySpan<byte> tokens)
    {
        hash.Append(tokens);
        file.Write(tokens);
        Count += tokens.Length / bytesPerToken;
    }

    /// <summary>
    /// Gives the shard its name; nothing can be written afterwards. Returns the hash that <see cref="TokenShard.Hash"/> will have.
    /// </summary>
    public string Complete()
    {
        file.Complete();
        var text = HashedStream.TextOf(hash);
        new TokenShardFormat(TokenShardFormat.Current, bytesPerToken, Count, text).Save(path);
        return text;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
