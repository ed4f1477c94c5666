using ZstdSharp;

namespace LowRank.Training.Documents;

/// <summary>Looks into compressed data of which only the beginning is there.</summary>
internal static class CompressedStart
{
    /// <summary>What a kind of file is known by stands in its first bytes, behind white space at most.</summary>
    private const int Enough = 1024;

    /// <summary>The first bytes of the content and the ending of such files; null if the data isn't compressed.</summary>
    /// <param name="start">The data's first bytes, at best some kilobytes.</param>
    public static (byte[] Content, string Ending)? Of(ReadOnlySpan<byte> start)
    {
        var source = new MemoryStream(start.ToArray());
        return FileSignature.Of(start[..Math.Min(FileSignature.Length, start.Length)]) switch
        {
            FileSignature.Gzip => (Read(new GzipReader(source)), ".gz"),
            FileSignature.Zstandard => (Read(new DecompressionStream(source)), ".zst"),
            _ => null,
        };
    }

    private static byte[] Read(Stream content)
    {
        using (content)
        {
            var bytes = new byte[Enough];
            var length = 0;
            try
            {
                while (length < Enough && content.Read(bytes, length, Enough - length) is > 0 and var read)
                    length += read;
            }
            catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or ZstdException)
            {
                // Cut off here, or damaged, which is told once the whole is read.
            }

            return bytes[..length];
        }
    }
}
