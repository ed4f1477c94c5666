using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LowRank.Training.Documents;
using ZstdSharp;

namespace LowRank.Training.Pipelines;

/// <summary>
/// Writes documents as JSON lines, compressed with zstd. The file stands under its name only after <see cref="Complete"/>, on disk to the
/// last byte.
/// </summary>
internal sealed class DocumentWriter : IDisposable
{
    /// <summary>What such a file's name ends in.</summary>
    public const string Extension = ".jsonl.zst";

    // Half of the time of the usual level, for files a tenth larger.
    private const int Level = 1;

    private const int BufferLength = 1 << 16;

    private readonly string path;
    private readonly string unfinished;
    private readonly FileStream file;
    private readonly CompressionStream compressed;
    private readonly ArrayBufferWriter<byte> line = new(BufferLength);
    private readonly Utf8JsonWriter json;

    /// <param name="path">The file's name.</param>
    /// <param name="unfinished">Its name until it is complete, on the same disk.</param>
    public DocumentWriter(string path, string unfinished)
    {
        (this.path, this.unfinished) = (path, unfinished);
        file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferLength);
        compressed = new CompressionStream(file, Level, leaveOpen: true);
        // Letters of all scripts as they are: the file is read by programs that read JSON, and shown in no page.
        json = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Adds a document.</summary>
    public void Write(Document document)
    {
        json.WriteStartObject();
        json.WriteString("text"u8, document.Text);
        json.WriteString("id"u8, document.Id);
        if (document.Url is not null)
            json.WriteString("url"u8, document.Url);
        if (document.Date is not null)
            json.WriteString("date"u8, document.Date);
        if (document.Dump is not null)
            json.WriteString("dump"u8, document.Dump);
        if (document.Language is not null)
            json.WriteString("language"u8, document.Language);
        if (document.LanguageScore is { } score)
            json.WriteNumber("language_score"u8, score);
        json.WriteEndObject();
        json.Flush();
        json.Reset();
        line.Write("\n"u8);
        compressed.Write(line.WrittenSpan);
        line.ResetWrittenCount();
    }

    /// <summary>Gives the file its name; nothing can be written afterwards.</summary>
    public void Complete()
    {
        json.Dispose();
        compressed.Dispose();
        file.Flush(flushToDisk: true);
        file.Dispose();
        File.Move(unfinished, path, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        json.Dispose();
        compressed.Dispose();
        file.Dispose();
        File.Delete(unfinished);
    }
}
