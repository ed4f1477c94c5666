using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using LowRank.EndToEnd.Tests.Mutations;
using LowRank.Training.Documents;
using Parquet;
using Parquet.Schema;
using ZstdSharp;

namespace LowRank.Training.Tests.Documents;

/// <summary>
/// 10,000 damaged files, the same in every run; <c>FUZZ_CASES</c>, <c>FUZZ_SEED</c> and <c>FUZZ_CASE</c> run more, others, or one. Each is
/// read or refused by an <see cref="InputException"/>, soon, and without taking much memory.
/// </summary>
public sealed class ReaderFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const int CasesInEveryRun = 10_000;

    /// <summary>Files of some kilobytes, and limits of a megabyte: what a reader, its decompressor and its errors take beside.</summary>
    private const long MostBytes = 32L << 20;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(20);

    private static readonly ReadingLimits Limits = new()
    {
        LargestRecord = 1 << 20,
        LargestFile = 8 << 20,
        FreeExpansion = 1 << 20,
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_damaged_file_is_read_or_refused()
    {
        var files = await MakeFiles();
        var seed = Setting("FUZZ_SEED") ?? 1;
        var ended = new SortedDictionary<string, (int Read, int Refused, long Bytes, TimeSpan Time)>(StringComparer.Ordinal);
        var complaints = new List<string>();
        var cases = Setting("FUZZ_CASE") is { } only ? [only] : Enumerable.Range(0, Setting("FUZZ_CASES") ?? CasesInEveryRun);
        foreach (var number in cases)
        {
            var dice = new Dice(seed, number);
            var (name, content) = dice.Of(files);

            // Pages take a hundred times as long as all else.
            if (name.Contains(".warc", StringComparison.Ordinal) && !dice.OneIn(10))
                (name, content) = dice.Of(files);
            var path = folder.Write(name, Damage(name, content, dice));
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var began = Stopwatch.GetTimestamp();
            var complaint = Read(path, out var refused);
            var (bytes, time) = (GC.GetAllocatedBytesForCurrentThread() - allocated, Stopwatch.GetElapsedTime(began));
            complaint ??= bytes > MostBytes ? string.Create(CultureInfo.InvariantCulture, $"takes {bytes} bytes") : null;
            complaint ??= time > MostTime ? $"takes {time}" : null;
            if (complaint is not null)
                complaints.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {complaint}\nFUZZ_SEED={seed} FUZZ_CASE={number}"));

            var before = ended.GetValueOrDefault(name);
            ended[name] = (
                before.Read + (refused ? 0 : 1),
                before.Refused + (refused ? 1 : 0),
                Math.Max(before.Bytes, bytes),
                before.Time + time
            );
        }

        foreach (var (name, end) in ended)
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name}: {end.Read} read, {end.Refused} refused, at most {end.Bytes >> 10} KiB, {end.Time.TotalSeconds:0.0} s"
                )
            );
        Assert.True(
            complaints.Count == 0,
            string.Create(CultureInfo.InvariantCulture, $"{complaints.Count} complaints:\n{string.Join('\n', complaints.Take(10))}")
        );
    }

    /// <summary>Damage to the compressed bytes ends most files at once; half of it hits the content before it is compressed.</summary>
    private static byte[] Damage(string name, byte[] content, Dice dice)
    {
        if (!dice.OneIn(2))
            return ByteMutations.Apply(Compress(name, content), dice);

        for (var times = 1 + dice.Below(3); times > 0; times--)
            content = ByteMutations.Apply(content, dice);
        return Compress(name, content);
    }

    private static string? Read(string path, out bool refused)
    {
        refused = false;
        try
        {
            var reading = new RecordReading(path, null, TestContext.Current.CancellationToken) { WithMetadata = true, Limits = Limits };

            // From memory, so that all is read on this thread, whose memory is measured.
            var texts = path.EndsWith(".parquet", StringComparison.Ordinal)
                ? ParquetTable
                    .ReadRecords(new MemoryStream(File.ReadAllBytes(path)), reading)
                    .Select(record => Encoding.UTF8.GetString(record.Text))
                : DocumentReader.Read(reading).Select(document => document.Text);
            return texts.Any(string.IsNullOrEmpty) ? "gives an empty text" : null;
        }
        catch (InputException exception)
        {
            refused = true;
            return exception.Message.Contains(path, StringComparison.Ordinal) ? null : $"is not named: {exception.Message}";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return exception.ToString();
        }
    }

    private static async Task<List<(string Name, byte[] Content)>> MakeFiles()
    {
        string[] texts = [.. Enumerable.Range(0, 12).Select(i => $"Text {i}, \"quoted\", é\nof two lines. " + new string('x', i * 20))];
        var lines = string.Concat(
            texts.Select(
                (text, i) => $"{{\"id\":{i},\"meta\":{{\"url\":\"http://a.example/\"}},\"text\":{Json(text)},\"n\":[1,{{\"a\":null}}]}}\n"
            )
        );
        var array = "[" + string.Join(",\n", lines.TrimEnd('\n').Split('\n')) + "]";
        var table =
            "id,text,url\n"
            + string.Concat(
                texts.Select((text, i) => $"{i},\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\",http://a.example/\n")
            );
        var wet = Record("warcinfo", "isPartOf: CC-MAIN-2024-10\r\n") + string.Concat(texts.Select(text => Record("conversion", text)));
        var page =
            "<html><head><meta charset=utf-8></head><body><div><p>"
            + string.Join("</p><p>", texts.Concat(texts))
            + "</p></div></body></html>";
        var warc =
            wet[..200]
            + "\r\n"
            + Record(
                "response",
                $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n{Encoding.UTF8.GetByteCount(page):x}\r\n{page}\r\n0\r\n\r\n"
            );
        warc = Record("warcinfo", "x") + warc[(warc.IndexOf("WARC/1.0\r\nWARC-Type: response", StringComparison.Ordinal))..];
        var files = new List<(string, byte[])>();
        foreach (
            var (ending, content) in ((string, string)[])
                [("jsonl", lines), ("json", array), ("csv", table), ("wet", wet), ("warc", warc), ("txt", string.Join("\n\n", texts))]
        )
        {
            foreach (var compression in (string[])["", ".gz", ".zst"])
                files.Add(($"a.{ending}{compression}", Encoding.UTF8.GetBytes(content)));
        }

        foreach (
            var compression in (CompressionMethod[])
                [
                    CompressionMethod.None,
                    CompressionMethod.Snappy,
                    CompressionMethod.Gzip,
                    CompressionMethod.Zstd,
                    CompressionMethod.Brotli,
                    CompressionMethod.Lz4Raw,
                ]
        )
        {
            // Tables are damaged most: much of them is numbers that say how long the rest is.
            var content = await Table(texts, compression);
            for (var times = 0; times < 2; times++)
                files.Add(($"{compression}.parquet", content));
        }

        return files;
    }

    private static async Task<byte[]> Table(string[] texts, CompressionMethod compression)
    {
        var schema = new ParquetSchema(
            new DataField("text", typeof(string), isNullable: true),
            new DataField("url", typeof(string), isNullable: true),
            new DateTimeDataField("date", DateTimeFormat.DateAndTime, isNullable: true),
            new DataField<long>("id")
        );
        using var content = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, content, new ParquetOptions { CompressionMethod = compression }))
        {
            for (var group = 0; group < 2; group++)
            {
                using var rows = writer.CreateRowGroup();
                await rows.WriteAsync(schema.DataFields[0], [.. texts, null!]);
                await rows.WriteAsync(schema.DataFields[1], [.. texts.Select(_ => "http://a.example/"), null!]);
                await rows.WriteAsync<DateTime>(schema.DataFields[2], new DateTime?[texts.Length + 1]);
                await rows.WriteAsync<long>(schema.DataFields[3], new long[texts.Length + 1]);
            }
        }

        return content.ToArray();
    }

    private static byte[] Compress(string name, byte[] content)
    {
        var compressed = new MemoryStream();
        using (
            Stream stream = Path.GetExtension(name) switch
            {
                ".gz" => new GZipStream(compressed, CompressionLevel.Fastest),
                ".zst" => new CompressionStream(compressed),
                _ => compressed,
            }
        )
        {
            stream.Write(content);
        }

        return compressed.ToArray();
    }

    private static string Json(string text) =>
        "\"" + text.Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\"";

    private static string Record(string type, string content) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"WARC/1.0\r\nWARC-Type: {type}\r\nWARC-Record-ID: <urn:uuid:1>\r\nContent-Length: {Encoding.UTF8.GetByteCount(content)}\r\n\r\n{content}\r\n\r\n"
        );

    private static int? Setting(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
