using System.Globalization;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace LowRank.Training.Documents;

/// <summary>Opens files that may be compressed, as their extension says.</summary>
internal static class CompressedFile
{
    private const string Damaged = "damaged or cut off";

    /// <summary>The name of what is in the file: its own name without <c>.gz</c> or <c>.zst</c>.</summary>
    public static string NameWithin(string file) => Format(file) is null ? file : Path.ChangeExtension(file, null);

    /// <summary>A stream of the content of <paramref name="file"/>, whose bytes are read from <paramref name="bytes"/>.</summary>
    /// <exception cref="InputException">The file is not what its name says; a read from the stream: it holds too much.</exception>
    public static Stream Open(string file, HashedStream bytes, ReadingLimits? limits = null)
    {
        var format = Format(file);
        CheckSignature(file, format, bytes.Peek(FileSignature.Length));
        Stream? content = format switch
        {
            FileSignature.Gzip => new GzipReader(bytes),
            FileSignature.Zstandard => new DecompressionStream(bytes, leaveOpen: false),
            _ => null,
        };
        return content is null ? bytes : new LimitedStream(content, () => bytes.Unhashed.Position, file, limits ?? ReadingLimits.Usual);
    }

    /// <summary>Runs a step of reading; what the system or a decompressor says is wrong becomes an error that names the file.</summary>
    /// <exception cref="InputException">The file cannot be read or its compression is damaged.</exception>
    public static T Guard<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ZstdException exception) when (exception.Code == ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge)
        {
            throw new UnusableTextException(
                "compressed with a window that is too large",
                $"The compressed file '{file}' needs a window of more than 128 MB to be read, more than is set apart for it; compress it anew with a smaller one (zstd's default is)."
            );
        }
        catch (ZstdException exception) when (exception.Code == ZSTD_ErrorCode.ZSTD_error_prefix_unknown)
        {
            // The first frame was one, or the file would not have been opened.
            throw new UnusableTextException(
                Damaged,
                $"The compressed file '{file}' is {Damaged}: Something else follows the compressed data. Make it anew."
            );
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or ZstdException)
        {
            throw new UnusableTextException(
                Damaged,
                $"The compressed file '{file}' is {Damaged}: {exception.Message.TrimEnd('.')}. Make it anew."
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UnusableTextException(
                "that can't be opened",
                $"The text file '{file}' cannot be read: {exception.Message} Make it readable, or leave it out."
            );
        }
    }

    private static void CheckSignature(string file, string? format, ReadOnlySpan<byte> head)
    {
        // What is neither known nor UTF-8 is found out as text is read, with the place of the first wrong byte.
        var found = FileSignature.Of(head);
        if (found == format || (format is null && found == FileSignature.PlainText))
            return;

        if (found is null && head.Length < 4)
        {
            throw new UnusableTextException(
                Damaged,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The compressed file '{file}' is {Damaged}: it has {head.Length} bytes. Make it anew."
                )
            );
        }

        var ending = format is null ? "is text by its name" : $"is {format} by its ending '{Path.GetExtension(file)}'";
        var advice = found switch
        {
            FileSignature.PlainText => "name it without that ending",
            FileSignature.Gzip => "let its name end in .gz",
            FileSignature.Zstandard => "let its name end in .zst",
            null => "make it anew, or leave it out",
            _ => "that isn't read: unpack it, or make text of it",
        };
        throw new UnusableTextException(
            "not what their ending says",
            $"The file '{file}' {ending}, but holds {found ?? $"something else (it doesn't begin as {format} does)"}; {advice}."
        );
    }

    /// <summary>How the file is compressed by its name; null if it isn't.</summary>
    private static string? Format(string file) =>
        Path.GetExtension(file).ToUpperInvariant() switch
        {
            ".GZ" => FileSignature.Gzip,
            ".ZST" or ".ZSTD" => FileSignature.Zstandard,
            _ => null,
        };
}
