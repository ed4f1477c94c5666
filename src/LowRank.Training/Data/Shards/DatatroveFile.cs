using System.Buffers.Binary;
using System.Globalization;

namespace LowRank.Training.Data.Shards;

/// <summary>
/// datatrove's token files, <c>X.ds</c>: nothing but tokens. How many bytes each has follows from the last end in <c>X.ds.index</c> (u64,
/// counted in tokens), or stands behind a bar in the first line of <c>X.ds.metadata</c>.
/// </summary>
internal static class DatatroveFile
{
    private const string Extension = ".ds";

    // Its first line is the name of a tokenizer.
    private const int MostMetadata = 1 << 16;

    /// <summary>Whether a file is one.</summary>
    public static bool Is(string path) => path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Where the tokens lie.</summary>
    /// <exception cref="InputException">Nothing says how wide they are, or the file doesn't fit what does.</exception>
    public static TokenFile Read(string path)
    {
        var index = path + ".index";
        var metadata = path + ".metadata";
        if (File.Exists(index))
            return ByIndex(path, index);
        if (File.Exists(metadata))
            return ByMetadata(path, metadata);
        throw new InputException(
            $"There is neither '{index}' nor '{metadata}', and nothing else says how many bytes a token of '{path}' has; copy one of them there, too."
        );
    }

    private static TokenFile ByIndex(string path, string index)
    {
        var bytes = new FileInfo(index).Length;
        ulong tokens = 0;
        if (bytes >= sizeof(ulong))
        {
            using var stream = new FileStream(index, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            Span<byte> end = stackalloc byte[sizeof(ulong)];
            stream.Position = bytes - sizeof(ulong);
            stream.ReadExactly(end);
            tokens = BinaryPrimitives.ReadUInt64LittleEndian(end);
        }

        var length = new FileInfo(path).Length;
        foreach (var width in new[] { sizeof(ushort), sizeof(uint) })
        {
            if (bytes % sizeof(ulong) == 0 && (Int128)tokens * width == length)
                return new TokenFile(path, 0, width, (long)tokens);
        }

        throw new InputException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{path}' has {length} bytes, but '{index}' says {tokens} tokens, of two or four bytes each; one of them was cut off or damaged: copy or write them again."
            )
        );
    }

    private static TokenFile ByMetadata(string path, string metadata)
    {
        var line = System.Text.Encoding.UTF8.GetString(TokenFormats.Head(metadata, MostMetadata)).Split('\n')[0].TrimEnd('\r');
        var width = line[(line.LastIndexOf('|') + 1)..] switch
        {
            "2" => sizeof(ushort),
            "4" => sizeof(uint),
            _ => throw new InputException(
                $"The first line of '{metadata}' doesn't end in |2 or |4, the bytes of a token; copy it again, or the index '{path}.index'."
            ),
        };
        var length = new FileInfo(path).Length;
        return length % width == 0
            ? new TokenFile(path, 0, width, length / width)
            : throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{path}' has {length} bytes, and '{metadata}' says {width} for each token; it was cut off: copy or write it again."
                )
            );
    }
}
