using ZstdSharp;

namespace LowRank.Training.Data;

/// <summary>Opens files that may be compressed, as their extension says.</summary>
internal static class CompressedFile
{
    /// <summary>The name of what is in the file: its own name without <c>.gz</c> or <c>.zst</c>.</summary>
    public static string NameWithin(string file) =>
        IsGzip(file) || IsZstandard(file) ? Path.ChangeExtension(file, null) : file;

    /// <summary>A stream of the content of <paramref name="file"/>; <paramref name="name"/> is the name of the content.</summary>
    /// <exception cref="InputException">The file cannot be opened.</exception>
    public static Stream Open(string file, out string name)
    {
        name = NameWithin(file);
        FileStream stream = Guard(file, () => new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16));
        if (IsGzip(file))
        {
            return new GzipReader(stream);
        }

        return IsZstandard(file) ? new DecompressionStream(stream, leaveOpen: false) : stream;
    }

    /// <summary>Runs a step of reading; what the system or a decompressor says is wrong becomes an error that names the file.</summary>
    /// <exception cref="InputException">The file cannot be read or its compression is damaged.</exception>
    public static T Guard<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or ZstdException)
        {
            throw new InputException($"The compressed file '{file}' is damaged or cut off: {exception.Message} Make it anew.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The text file '{file}' cannot be read: {exception.Message} Make it readable, or leave it out.");
        }
    }

    private static bool IsGzip(string file) => file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    private static bool IsZstandard(string file) => file.EndsWith(".zst", StringComparison.OrdinalIgnoreCase);
}
