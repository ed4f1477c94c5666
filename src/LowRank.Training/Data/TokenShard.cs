using System.Globalization;
using System.IO.Hashing;
using LowRank.Training.Documents;

namespace LowRank.Training.Data;

/// <summary>
/// A flat file of tokens (little-endian uint16, or uint32 for vocabularies above 65,536) that is known to be what was written, mapped into
/// memory and never loaded whole.
/// </summary>
internal sealed class TokenShard : TokenSequence
{
    private readonly MappedTokens tokens;

    private TokenShard(string path, TokenShardFormat format)
        : base(format.Count)
    {
        Hash = format.Hash;
        tokens = new MappedTokens(format.At(path));
    }

    /// <summary>XxHash128 of the file's bytes, 32 hexadecimal digits.</summary>
    internal string Hash { get; }

    /// <summary>Opens a shard after reading it through once, to know that it is what was written.</summary>
    /// <exception cref="InvalidDataException">The shard or its description is missing, cut off or altered.</exception>
    internal static TokenShard Open(string path)
    {
        var format = TokenShardFormat.Load(path);
        if (!File.Exists(path))
            throw new InvalidDataException($"The shard '{path}' is missing.");

        Verify(path, format);
        return new TokenShard(path, format);
    }

    private protected override void Copy(long offset, Span<long> destination) => tokens.Read(offset, destination);

    private protected override void Release() => tokens.Dispose();

    private static void Verify(string path, TokenShardFormat format)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        var expected = checked(format.Count * format.BytesPerToken);
        if (stream.Length != expected)
        {
            throw new InvalidDataException(
                string.Create(CultureInfo.InvariantCulture, $"The shard '{path}' has {stream.Length} bytes where {expected} were written.")
            );
        }

        var hash = new XxHash128();
        hash.Append(stream);
        if (HashedStream.TextOf(hash) != format.Hash)
            throw new InvalidDataException($"The shard '{path}' does not hold what was written: its hash differs.");
    }
}
