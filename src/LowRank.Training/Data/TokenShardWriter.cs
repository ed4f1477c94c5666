using System.Buffers.Binary;
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
    private readonly string unfinished;
    private readonly int bytesPerToken;
    private readonly FileStream stream;
    private readonly XxHash128 hash = new();
    private readonly byte[] buffer = new byte[1 << 16];

    /// <param name="path">The shard's name; its folder exists.</param>
    /// <param name="vocabularySize">Number of ids; up to 65,536 a token takes two bytes, above that four.</param>
    public TokenShardWriter(string path, int vocabularySize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabularySize);
        this.path = Path.GetFullPath(path);
        unfinished = AtomicFile.UnfinishedName(this.path);
        bytesPerToken = vocabularySize <= ushort.MaxValue + 1 ? sizeof(ushort) : sizeof(uint);
        stream = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
    }

    /// <summary>Number of tokens written.</summary>
    public long Count { get; private set; }

    /// <summary>Adds tokens at the end.</summary>
    public void Write(ReadOnlySpan<int> tokens)
    {
        while (!tokens.IsEmpty)
        {
            var count = Math.Min(tokens.Length, buffer.Length / bytesPerToken);
            WritePiece(tokens[..count]);
            tokens = tokens[count..];
        }
    }

    /// <summary>
    /// Gives the shard its name; nothing can be written afterwards. Returns the hash that <see cref="TokenShard.Hash"/> will have.
    /// </summary>
    public string Complete()
    {
        stream.Flush(flushToDisk: true);
        stream.Dispose();
        File.Move(unfinished, path, overwrite: true);
        var text = HashedStream.TextOf(hash);
        new TokenShardFormat(TokenShardFormat.Current, bytesPerToken, Count, text).Save(path);
        return text;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stream.Dispose();
        File.Delete(unfinished);
    }

    private void WritePiece(ReadOnlySpan<int> tokens)
    {
        var length = tokens.Length * bytesPerToken;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (bytesPerToken == sizeof(ushort))
                BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(i * sizeof(ushort)), checked((ushort)tokens[i]));
            else
                BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(i * sizeof(uint)), checked((uint)tokens[i]));
        }

        hash.Append(buffer.AsSpan(0, length));
        stream.Write(buffer, 0, length);
        Count += tokens.Length;
    }
}
