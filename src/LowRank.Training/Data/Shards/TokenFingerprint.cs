using System.IO.Hashing;
using System.Runtime.InteropServices;
using LowRank.Training.Documents;

namespace LowRank.Training.Data.Shards;

/// <summary>
/// Tells sequences of tokens apart without reading terabytes: their length and <see cref="Pieces"/> pieces of <see cref="PieceLength"/>
/// tokens, spread evenly from the first to the last; all of a sequence that is no longer than these. How the tokens are cut into files, and
/// in which format, makes no difference, as it makes none to a run.
/// </summary>
internal static class TokenFingerprint
{
    public const int Pieces = 256;
    public const int PieceLength = 4096;

    /// <summary>XxHash128 of that, 32 hexadecimal digits.</summary>
    /// <exception cref="InputException">A file can't be read, or holds a token beyond the vocabulary.</exception>
    public static string Of(TokenSequence tokens, CancellationToken cancellation)
    {
        var hash = new XxHash128();
        Span<long> length = [tokens.Count];
        hash.Append(MemoryMarshal.AsBytes(length));
        var buffer = new long[PieceLength];
        for (var piece = 0; piece < Pieces; piece++)
        {
            cancellation.ThrowIfCancellationRequested();
            var isWhole = tokens.Count <= (long)Pieces * PieceLength;
            var start = isWhole ? (long)piece * PieceLength : (long)((Int128)piece * (tokens.Count - PieceLength) / (Pieces - 1));
            var read = buffer.AsSpan(0, (int)Math.Clamp(tokens.Count - start, 0, PieceLength));
            if (read.IsEmpty)
                break;
            tokens.Read(start, read);
            hash.Append(MemoryMarshal.AsBytes(read));
        }

        return HashedStream.TextOf(hash);
    }
}
