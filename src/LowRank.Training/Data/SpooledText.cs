using System.Globalization;
using System.IO.Hashing;
using LowRank.Training.Documents;
using LowRank.Training.Files;

namespace LowRank.Training.Data;

/// <summary>
/// Text from a stream that can be read only once, such as a pipe, kept in a file until it is prepared. What it is called among prepared
/// texts depends on its content alone.
/// </summary>
internal sealed class SpooledText : IDocumentSource, IDisposable
{
    private const string Name = "standard-input";
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMinutes(1);

    private readonly string folder;
    private readonly TextFiles files;

    private SpooledText(string folder, string path, string hash, string column, CancellationToken cancellation)
    {
        this.folder = folder;
        files = new TextFiles([path], column, cancellation);
        Identity = $"{new TextFile(path, Folder: null).Reading(column)} {Path.GetFileName(path)} {hash}";
    }

    /// <inheritdoc/>
    public string Description => "standard input";

    /// <inheritdoc/>
    public string Identity { get; }

    /// <summary>
    /// Reads the stream to its end; one that begins as JSON, WARC or Parquet does is read as that, also within gzip or Zstandard.
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="root">The folder of prepared texts, where there must be room for another copy anyway.</param>
    /// <param name="column">The member that holds the text in JSON objects.</param>
    /// <param name="cancellation">Ends the waiting, also for a stream that never gives anything.</param>
    /// <exception cref="InputException">It cannot be kept there.</exception>
    /// <exception cref="NoSpaceException">There is no room for it.</exception>
    public static SpooledText Fill(Stream stream, string root, string column, CancellationToken cancellation)
    {
        // Of the names that are removed some hours after a killed run.
        var folder = Path.Combine(root, $"{Name}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, Name);
            var (hash, extension) = StoppableRead.Run(() => Copy(stream, path, folder), cancellation);
            File.Move(path, path + extension);
            UnusedColumn.Refuse([path + extension], column, cancellation);
            return new SpooledText(folder, path + extension, hash, column, cancellation);
        }
        catch (Exception exception)
        {
            Remove(folder);
            if (exception is IOException or UnauthorizedAccessException)
                throw SystemLimit.Refusal(
                    $"The text from standard input cannot be kept in '{root}'",
                    exception,
                    "name another cache folder"
                );
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<SkippedText> Skipped => [];

    /// <inheritdoc/>
    public BrokenRecords? Broken => files.Broken;

    /// <inheritdoc/>
    public IEnumerable<byte[]> ReadDocuments(CancellationToken cancellation = default) => files.ReadDocuments(cancellation);

    /// <inheritdoc/>
    public void Dispose() => Remove(folder);

    private static (string Hash, string Extension) Copy(Stream stream, string path, string folder)
    {
        var hash = new XxHash128();
        var buffer = new byte[1 << 16];
        var extension = "";
        var beat = DateTime.UtcNow;
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Delete);
        while (true)
        {
            var count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (count == 0)
                break;
            var read = buffer.AsSpan(0, count);
            if (file.Length == 0)
                extension = Extension(read);
            hash.Append(read);
            file.Write(read);
            if (DateTime.UtcNow - beat < Heartbeat)
                continue;
            // So that no other run takes the folder for one that was left.
            beat = DateTime.UtcNow;
            Directory.SetLastWriteTimeUtc(folder, beat);
        }

        return (hash.GetCurrentHashAsUInt128().ToString("x32", CultureInfo.InvariantCulture), extension);
    }

    private static string Extension(ReadOnlySpan<byte> start) =>
        CompressedStart.Of(start) is var (content, ending) ? Kind(content) + ending : Kind(start);

    private static string Kind(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("PAR1"u8))
            return ".parquet";
        if (start.StartsWith("WARC/"u8))
            return ".warc";

        var text = (start.StartsWith("\uFEFF"u8) ? start[3..] : start).TrimStart(" \t\r\n"u8);
        return text switch
        {
            [(byte)'{', ..] => ".jsonl",
            [(byte)'[', .. var array] when array.TrimStart(" \t\r\n"u8) is [(byte)'{', ..] => ".json",
            _ => ".txt",
        };
    }

    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another program has it open. A later run removes it.
        }
    }
}
