using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using LowRank.Training.Documents;

namespace LowRank.Training.Tests.Documents;

/// <summary>Answers of servers in WARC files: what a page is, in which encoding, and what of it is read.</summary>
public sealed class WebArchiveTests : IDisposable
{
    private const string Prose =
        "The river rises in the hills, where it is hardly more than a brook, and takes its way through woods, meadows and small towns; "
        + "at last, wide and slow, it meets the sea, which nobody who saw its source would have believed possible at all.";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_main_text_of_a_page_is_read_a_line_for_each_paragraph()
    {
        var document = Assert.Single(Read(Answer(Page(Prose)), out var reading));

        Assert.Equal(
            $"A heading\n{Prose}\nOne line\nand another.\nFirst item\nSecond item\nint a;\n  int b;\nName Value\nx 1\n{Prose}\n{Prose}",
            document.Text
        );
        Assert.Equal(("<urn:uuid:1>", "http://a.example/", "2024-02-20T21:10:55Z"), (document.Id, document.Url, document.Date));
        Assert.Empty(reading.WithoutText);
    }

    [Fact]
    public void Nothing_is_fetched()
    {
        var network = new CountingNetwork();
        SmartReader.Reader.SetBaseHttpClientHandler(network);

        Assert.Single(Read(Answer(Page(Prose)), out _));
        Assert.Equal(0, network.Requests);
    }

    [Theory]
    [InlineData("", "", "é")]
    [InlineData("", "chunked", "é")]
    [InlineData("gzip", "", "é")]
    [InlineData("gzip", "chunked", "é")]
    [InlineData("deflate", "", "é")]
    [InlineData("br", "", "é")]
    [InlineData("gzip, br", "chunked", "é")]
    // The headers are left as they were, the body isn't.
    [InlineData("gzip-undone", "chunked-undone", "é")]
    public void A_body_is_read_however_it_was_sent(string content, string transfer, string mark)
    {
        var body = Encoding.UTF8.GetBytes(Page(mark + Prose));
        foreach (var encoding in content.Split(", "))
            body = Compress(body, encoding);
        if (transfer == "chunked")
            body = Chunk(body);
        var headers =
            $"Content-Type: text/html; charset=utf-8\r\nContent-Encoding: {content.Replace("-undone", "", StringComparison.Ordinal)}\r\nTransfer-Encoding: {transfer.Replace("-undone", "", StringComparison.Ordinal)}\r\n";

        Assert.Contains("\n" + mark + Prose, Assert.Single(Read(Answer(body, headers), out _)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("windows-1252", "text/html", "", "“é”€")]
    [InlineData("windows-1252", "text/html; charset=ISO-8859-1", "", "“é”€")]
    [InlineData("windows-1251", "text/html; charset=\"Windows-1251\"", "<meta charset=utf-8>", "Привет")]
    [InlineData("windows-1251", "text/html", "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=windows-1251\">", "Привет")]
    [InlineData("shift_jis", "text/html", "<meta charset='Shift_JIS'>", "日本語")]
    [InlineData("gb18030", "text/html;charset=gb2312", "", "中文")]
    [InlineData("euc-kr", "text/html;charset=euc-kr", "", "한국어")]
    [InlineData("utf-8", "text/html", "", "日本語 é")]
    [InlineData("utf-8", "text/html; charset=iso-8859-1", "", "é €")]
    [InlineData("utf-8", "text/html; charset=nonsense", "", "é")]
    [InlineData("utf-16", "text/html", "", "日本語")]
    public void A_page_is_read_in_its_encoding(string name, string type, string meta, string words)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var encoding = Encoding.GetEncoding(name);
        byte[] body = [.. name == "utf-16" ? encoding.GetPreamble() : [], .. encoding.GetBytes(Page(words + " " + Prose, meta))];

        Assert.Contains(
            "\n" + words + " " + Prose,
            Assert.Single(Read(Answer(body, $"Content-Type: {type}\r\n"), out _)).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_gives_no_text_is_counted_by_reason()
    {
        var html = "Content-Type: text/html\r\n";
        string[] answers =
        [
            Answer(Encoding.UTF8.GetBytes(Page(Prose)), html, "404 Not Found"),
            Answer(Encoding.UTF8.GetBytes(Page(Prose)), html, "301 Moved"),
            Answer("%PDF-1.4"u8.ToArray(), "Content-Type: application/pdf\r\n"),
            Answer(Encoding.UTF8.GetBytes(Page(Prose)), "", payload: "image/png"),
            Answer("just text"u8.ToArray(), ""),
            Answer("<html><body><p>Hello</p></body></html>"u8.ToArray(), html),
            Answer("<html>"u8.ToArray(), html + "Content-Encoding: compress\r\n"),
            Answer(Compress(new byte[MainText.MostBytes + 1], "br"), html + "Content-Encoding: br\r\n"),
            Answer([.. "<html>"u8, .. Enumerable.Repeat((byte)0xFE, 500)], "Content-Type: text/html; charset=utf-8\r\n"),
            Record("response", "no HTTP at all"),
            Record("request", "GET / HTTP/1.1"),
        ];

        Assert.Equal(Prose, Assert.Single(Read(string.Concat(answers) + Record("conversion", Prose, "text/plain"), out var reading)).Text);
        Assert.Equal(
            "no HTML 3, not answered with 200 3, nothing readable 1, page not in its encoding 1, page too large or compressed otherwise 2",
            string.Join(
                ", ",
                reading.WithoutText.Select(reason => string.Create(CultureInfo.InvariantCulture, $"{reason.Key} {reason.Value}"))
            )
        );
        Assert.Null(reading.Broken);
    }

    [Theory]
    [InlineData("<div>", 100_000, MainText.TooDeep)]
    [InlineData("<b><p>", 50_000, MainText.TooLarge)]
    [InlineData("<table><tr><td>", 30_000, MainText.TooDeep)]
    [InlineData("<svg><g>", 50_000, MainText.TooDeep)]
    [InlineData("<p>a</p>", 100_000, MainText.TooLarge)]
    [InlineData("<br>", 1_000_000, MainText.TooLarge)]
    public void A_page_that_would_take_forever_is_given_up(string piece, int times, string reason)
    {
        var watch = Stopwatch.StartNew();
        var page = "<html><body>" + string.Concat(Enumerable.Repeat(piece, times)) + Prose;

        Assert.Null(new MainText().Read(page, out var why));
        Assert.Equal(reason, why);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public void Attributes_beyond_measure_are_left_out()
    {
        var watch = Stopwatch.StartNew();
        var attributes = string.Concat(Enumerable.Range(0, 200_000).Select(index => $" a{index}=1"));

        Assert.Contains(
            Prose,
            new MainText().Read(Page(Prose).Replace("<article", "<article" + attributes, StringComparison.Ordinal), out _)!,
            StringComparison.Ordinal
        );
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public void A_thousand_paragraphs_deep_down_take_seconds()
    {
        var watch = Stopwatch.StartNew();
        var depth = MainText.MostDepth - 20;
        var page =
            string.Concat(Enumerable.Repeat("<div>", depth))
            + string.Concat(Enumerable.Repeat($"<p>{Prose}</p>", (MainText.MostDepths / MainText.MostDepth) - depth));
        _ = new MainText().Read(page, out var reason);

        Assert.NotEqual(MainText.TooDeep, reason);
        Assert.NotEqual(MainText.TooLarge, reason);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public void Texts_of_elements_are_written_without_recursion()
    {
        using var document = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(
            "<p>" + string.Concat(Enumerable.Repeat("<i>", 5_000)) + "deep"
        );

        Assert.Equal("deep", ElementText.Of(document.Body!));
    }

    private List<Document> Read(string content, out RecordReading reading)
    {
        // Each record is a member of its own, as crawls have them.
        var path = folder.Write(
            "a.warc.gz",
            [
                .. Compress(Encoding.Latin1.GetBytes(Record("warcinfo", "software: x\r\n")), "gzip"),
                .. Compress(Encoding.Latin1.GetBytes(content), "gzip"),
            ]
        );
        reading = new RecordReading(path) { WithMetadata = true };
        return [.. DocumentReader.Read(reading)];
    }

    private static string Page(string prose, string meta = "") =>
        $"""
            <!DOCTYPE html><html><head>{meta}<title>Rivers</title><style>p {"{"} color: red {"}"}</style></head><body>
            <nav><ul><li><a href="/">Home</a></li><li><a href="/about">About</a></li></ul></nav>
            <img src="http://a.example/pixel.png"><iframe src="http://a.example/frame"></iframe>
            <article><h2>A heading</h2><p>{prose}</p><p>One   line<br>
            and another.</p><ul><li>First item</li><li>Second item</li></ul><pre>int a;
              int b;</pre><table><tr><th>Name</th><th>Value</th></tr><tr><td>x</td><td>1</td></tr></table>
            <p>{Prose}</p><!-- a comment --><p>{Prose}</p></article>
            <footer>Copyright</footer><script>var text = "never";</script></body></html>
            """.ReplaceLineEndings("\n").Replace("              int b", "  int b", StringComparison.Ordinal);

    private static string Answer(string page) => Answer(Encoding.UTF8.GetBytes(page), "Content-Type: text/html; charset=utf-8\r\n");

    private static string Answer(byte[] body, string headers, string status = "200 OK", string payload = "text/html") =>
        Record(
            "response",
            $"HTTP/1.1 {status}\r\n{headers}\r\n{Encoding.Latin1.GetString(body)}",
            "application/http; msgtype=response",
            headers.Length == 0 && payload != "text/html" ? $"WARC-Identified-Payload-Type: {payload}\r\n" : ""
        );

    /// <summary>A record; each character of its content is a byte.</summary>
    private static string Record(string type, string content, string media = "application/http", string headers = "") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"WARC/1.0\r\nWARC-Type: {type}\r\nWARC-Target-URI: http://a.example/\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2024-02-20T21:10:55Z\r\n{headers}Content-Type: {media}\r\nContent-Length: {content.Length}\r\n\r\n{content}\r\n\r\n"
        );

    private static byte[] Compress(byte[] content, string encoding)
    {
        var compressed = new MemoryStream();
        using (
            Stream stream = encoding switch
            {
                "gzip" => new GZipStream(compressed, CompressionLevel.Fastest),
                "deflate" => new ZLibStream(compressed, CompressionLevel.Fastest),
                "br" => new BrotliStream(compressed, CompressionLevel.Fastest),
                _ => compressed,
            }
        )
        {
            stream.Write(content);
        }

        return compressed.ToArray();
    }

    private static byte[] Chunk(byte[] body) =>
        [
            .. body.Chunk(1000)
                .SelectMany(piece =>
                    (byte[])
                        [
                            .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{piece.Length:X};name=value\r\n")),
                            .. piece,
                            .. "\r\n"u8,
                        ]
                ),
            .. "0\r\n\r\n"u8,
        ];

    private sealed class CountingNetwork : HttpMessageHandler
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            throw new HttpRequestException("There is no network.");
        }
    }
}
