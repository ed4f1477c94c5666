using System.Buffers.Binary;
using System.IO.Hashing;
using LowRank.Training.Documents;

namespace LowRank.Training.Data;

/// <summary>
/// The distinct documents of a corpus in a temporary file, so that they can be read several times without parsing the source again or
/// holding it in memory. The file goes with the object.
/// </summary>
internal sealed class DocumentSpool : IDisposable
{
    private readonly FileStream file;

    private DocumentSpool(FileStream file) => this.file = file;

    /// <summary>Number of distinct documents.</summary>
    public long Documents { get; private set; }

    /// <summary>Bytes of their text.</summary>
    public long Bytes { get; private set; }

    public ulong LowestHash { get; private set; } = ulong.MaxValue;

    public ulong HighestHash { get; private set; }

    /// <summary>Reads the whole source; of equal documents the first is kept.</summary>
    public static DocumentSpool Fill(string path, IDocumentSource source, IProgress<string>? progress, CancellationToken cancellation)
    {
        var spool = new DocumentSpool(
            new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose)
        );
        try
        {
            var seen = new HashSet<UInt128>();
            var milestone = new Milestone(progress, "Reading text");
            foreach (var document in source.ReadDocuments(cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
                if (seen.Add(XxHash128.HashToUInt128(document)))
                {
                    spool.Append(document);
                    milestone.Reach(spool.Bytes);
                }
            }

            return spool;
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    /// <summary>The documents in order. The array is reused: its content is valid until the next is asked for.</summary>
    public IEnumerable<ArraySegment<byte>> ReadDocuments()
    {
        file.Position = 0;
        var length = new byte[sizeof(int)];
        byte[] document = [];
        while (file.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) == length.Length)
        {
            var count = BinaryPrimitives.ReadInt32LittleEndian(length);
            document = document.Length < count ? new byte[2L * count > Array.MaxLength ? count : 2 * count] : document;
            file.ReadExactly(document, 0, count);
            yield return new ArraySegment<byte>(document, 0, count);
        }
    }

    public void Dispose() => file.Dispose();

    private void Append(ReadOnlySpan<byte> document)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, document.Length);
        file.Write(length);
        file.Write(document);
        Documents++;
        Bytes += document.Length;
        var hash = CorpusSplit.Hash(document);
        LowestHash = Math.Min(LowestHash, hash);
        HighestHash = Math.Max(HighestHash, hash);
    }
}
