using System.Globalization;
using System.IO.Compression;
using System.Text;
using LowRank.Training.Documents;
using Parquet;
using Parquet.Schema;

namespace LowRank.Training.Tests.Documents;

/// <summary>Documents with what the published collections say of them, each in its own way.</summary>
public sealed class DocumentReaderTests : IDisposable
{
    private const string Address = "https://a.example/b";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData( // FineWeb
        """{"text":"T","id":"<urn:uuid:1>","dump":"CC-MAIN-2013-20","url":"https://a.example/b","date":"2013-05-18T06:12:28Z","language_score":0.9}""",
        "<urn:uuid:1>",
        Address,
        "2013-05-18T06:12:28Z",
        "CC-MAIN-2013-20"
    )]
    [InlineData( // C4
        """{"text":"T","timestamp":"2019-04-25T12:57:54Z","url":"https:\/\/a.example\/b"}""",
        "a.jsonl#2",
        Address,
        "2019-04-25T12:57:54Z",
        null
    )]
    [InlineData( // Dolma and the Common Pile
        """{"added":"2023-04-11T10:04:01Z","created":"2020-01-17T12:48:23Z","id":7,"metadata":{"url":"https://a.example/b","toc":[{"url":"x"}]},"source":"s","text":"T"}""",
        "7",
        Address,
        "2020-01-17T12:48:23Z",
        null
    )]
    [InlineData( // DCLM
        """{"metadata":{"Content-Type":"text/html","WARC-Date":"2018-01-01T00:00:00Z","WARC-Record-ID":"<urn:uuid:2>","WARC-Target-URI":"https://a.example/b"},"text":"T","warcinfo":"robots: classic\r\nisPartOf: CC-MAIN-2018-43\r\n"}""",
        "<urn:uuid:2>",
        Address,
        "2018-01-01T00:00:00Z",
        "CC-MAIN-2018-43"
    )]
    [InlineData( // OSCAR
        """{"content":"T","warc_headers":{"warc-record-id":"<urn:uuid:3>","warc-date":"2021-09-16T11:07:14Z","warc-target-uri":"https://a.example/b"},"metadata":{"deep":{"url":"x"}}}""",
        "<urn:uuid:3>",
        Address,
        "2021-09-16T11:07:14Z",
        null
    )]
    [InlineData(
        """{"meta":{"redpajama_set_name":"C4"},"text":"T","url":"\ud800","id":null,"date":{"id":"x"}}""",
        "a.jsonl#2",
        null,
        null,
        null
    )]
    public void Records_of_the_collections_say_where_they_come_from(string record, string id, string? url, string? date, string? dump)
    {
        var document = Assert.Single(DocumentReader.Read(folder.Write("a.jsonl", "\n" + record + "\n")));

        Assert.Equal(("T", id, url, date, dump), (document.Text, document.Id, document.Url, document.Date, document.Dump));
        Assert.Equal("T", Assert.Single(DocumentReader.Read(folder.Write("b.json", $"[{record}]"))).Text);
    }

    [Fact]
    public void The_text_is_in_the_column_text_or_else_in_content()
    {
        var path = folder.Write("a.jsonl", """{"content":"c","text":"t"}""" + "\n" + """{"text":null,"content":"c"}""");
        Assert.Equal(["t", "c"], DocumentReader.Read(path).Select(document => document.Text));
        Assert.Equal(["c", "c"], DocumentReader.Read(path, "content").Select(document => document.Text));

        Assert.StartsWith(
            $"Line 1 of '{folder.Under("b.jsonl")}' has no string named \"text\" or \"content\"; there is \"x\".",
            Refusal("b.jsonl", """{"x":"y"}"""),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            $"The header of '{folder.Under("b.csv")}' has no column \"text\" or \"content\"; there is \"x\".",
            Refusal("b.csv", "x\ny"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_table_says_where_its_rows_come_from()
    {
        var path = folder.Write("a.csv", "url,content,Date\nhttps://a.example/b,one,2020\n,\"two\nlines\",\n");

        var documents = DocumentReader.Read(path).ToList();
        Assert.Equal(["one", "two\nlines"], documents.Select(document => document.Text));
        Assert.Equal(
            [("a.csv#2", Address, "2020"), ("a.csv#3", null, null)],
            documents.Select(document => (document.Id, document.Url, document.Date))
        );
    }

    [Fact]
    public void Pages_say_their_identifier_address_and_time()
    {
        var page = "WARC-Target-URI: <https://a.example/b>\r\nWARC-Date: 2024-02-20T21:10:55Z\r\nWARC-Record-ID: <urn:uuid:4>\r\n";
        var content =
            Record("warcinfo", "", "isPartOf: CC-MAIN-2024-10\r\n") + Record("conversion", page, "T") + Record("conversion", "", "U");

        var documents = DocumentReader.Read(folder.Write("a.wet", content)).ToList();
        Assert.Equal(["T", "U"], documents.Select(document => document.Text));
        Assert.Equal(["<urn:uuid:4>", "a.wet#3"], documents.Select(document => document.Id));
        Assert.Equal((Address, "2024-02-20T21:10:55Z"), (documents[0].Url, documents[0].Date));
        Assert.Equal(["CC-MAIN-2024-10", "CC-MAIN-2024-10"], documents.Select(document => document.Dump));
    }

    [Theory]
    [InlineData("crawl-data/CC-MAIN-2009-2010/a.txt", "CC-MAIN-2009-2010")]
    [InlineData("data/CC-MAIN-2013-20/CC-MAIN-20130516092621-00000.txt", "CC-MAIN-2013-20")]
    [InlineData("CC-MAIN-20130516092621-20130516112621-00000.txt", null)]
    public void The_crawl_is_known_by_the_path_where_nothing_else_says_it(string name, string? dump)
    {
        var document = Assert.Single(DocumentReader.Read(folder.Write(name, "T\n")));

        Assert.Equal((dump, Path.GetFileName(name) + "#1"), (document.Dump, document.Id));
    }

    [Fact]
    public async Task RefinedWeb_and_FineWeb_are_read_as_they_are_published()
    {
        var refined = await Write(
            "refined.parquet",
            new ParquetSchema(
                new DataField("content", typeof(string), isNullable: true),
                new DataField("url", typeof(string), isNullable: true),
                new DateTimeDataField("timestamp", DateTimeFormat.DateAndTime, isNullable: true),
                new DataField("dump", typeof(string), isNullable: true),
                new DataField("segment", typeof(string), isNullable: true),
                new DataField("image_urls", typeof(IEnumerable<string>))
            ),
            async (rows, fields) =>
            {
                await rows.WriteAsync(fields[0], new[] { "één\r\nzwei", null!, "", "vier" });
                await rows.WriteAsync(fields[1], new[] { Address, "x", "y", null! });
                await rows.WriteAsync<DateTime>(
                    fields[2],
                    new DateTime?[] { new(2013, 5, 18, 6, 12, 28, DateTimeKind.Utc), null, null, null }
                );
                await rows.WriteAsync(fields[3], new[] { "CC-MAIN-2013-20", null!, null!, null! });
                await rows.WriteAsync(fields[4], new[] { "1368696381249", null!, null!, null! });
                await rows.WriteAsync(fields[5], new[] { "a", "b", "c", "d" }, new[] { 0, 0, 0, 0 });
            }
        );
        var documents = DocumentReader.Read(refined).ToList();
        Assert.Equal(
            [
                ("één\nzwei", "refined.parquet#1", Address, "2013-05-18T06:12:28Z", "CC-MAIN-2013-20"),
                ("vier", "refined.parquet#4", null, null, null),
            ],
            documents.Select(document => (document.Text, document.Id, document.Url, document.Date, document.Dump))
        );

        var fine = await Write(
            "fine.parquet",
            new ParquetSchema(
                new DataField<string>("text"),
                new DataField<string>("id"),
                new DataField<string>("dump"),
                new DataField<string>("url"),
                new DataField<string>("date"),
                new DataField<string>("file_path"),
                new DataField<string>("language"),
                new DataField<double>("language_score"),
                new DataField<long>("token_count")
            ),
            async (rows, fields) =>
            {
                foreach (
                    var (field, value) in fields.Zip([
                        "T",
                        "<urn:uuid:5>",
                        "CC-MAIN-2013-48",
                        Address,
                        "2013-12-05T00:00:00Z",
                        "s3://x",
                        "en",
                    ])
                )
                    await rows.WriteAsync(field, new[] { value });
                await rows.WriteAsync<double>(fields[7], new[] { 0.98 });
                await rows.WriteAsync<long>(fields[8], new[] { 1L });
            }
        );
        Assert.Equal(
            [("T", "<urn:uuid:5>", Address, "2013-12-05T00:00:00Z", "CC-MAIN-2013-48")],
            DocumentReader.Read(fine).Select(document => (document.Text, document.Id, document.Url, document.Date, document.Dump))
        );
    }

    [Theory]
    [InlineData(
        "a.jsonl",
        "{\"text\":\"a\"}\n{\"text\":\"\u00FF\"}\n{\"text\":\"\\ud800\"}\n{\"text\":\"b\"}\n",
        "Line 2 of '{0}' is not UTF-8"
    )]
    [InlineData(
        "a.json",
        "[{\"text\":\"a\"},{\"text\":\"\u00FF\"},{\"text\":\"\\ud800\"},{\"text\":\"b\"}]",
        "Element 2 of '{0}' is not UTF-8"
    )]
    [InlineData("a.csv", "text\na\n\"\n\u00FF\"\n\u00FF\nb\n", "The record at line 3 of '{0}' is no UTF-8 text, or too large")]
    public void What_is_no_text_is_counted(string name, string latin, string first)
    {
        var path = folder.Write(name, Encoding.Latin1.GetBytes(latin));
        var reading = new RecordReading(path) { WithMetadata = true };

        Assert.Equal(["a", "b"], DocumentReader.Read(reading).Select(document => document.Text));
        Assert.Equal(new BrokenRecords(2, first.Replace("{0}", path, StringComparison.Ordinal)), reading.Broken);
    }

    [Fact]
    public void What_is_no_kind_of_text_is_refused() =>
        Assert.Contains("is not text by its extension", Refusal("a.png", "x"), StringComparison.Ordinal);

    [Fact]
    public void All_bytes_are_hashed_whatever_the_file_is()
    {
        var path = folder.Write("a.jsonl.gz", Gzip("{\"text\":\"a\"}\n"));
        var hash = "";
        Assert.Single(DocumentReader.Read(new RecordReading(path), value => hash = value));

        Assert.Equal(HashedStream.HashOf(path, CancellationToken.None), hash);
    }

    private static byte[] Gzip(string content)
    {
        var compressed = new MemoryStream();
        using (var stream = new GZipStream(compressed, CompressionLevel.Fastest))
            stream.Write(Encoding.UTF8.GetBytes(content));
        return compressed.ToArray();
    }

    private static string Record(string type, string headers, string content) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"WARC/1.0\r\nWARC-Type: {type}\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(content)}\r\n\r\n{content}\r\n\r\n"
        );

    private async Task<string> Write(string name, ParquetSchema schema, Func<ParquetRowGroupWriter, DataField[], Task> write)
    {
        using var content = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, content))
        {
            using var rows = writer.CreateRowGroup();
            await write(rows, schema.DataFields);
        }

        return folder.Write(name, content.ToArray());
    }

    private string Refusal(string name, string content) =>
        Assert.ThrowsAny<InputException>(() => DocumentReader.Read(folder.Write(name, content)).Count()).Message;
}
