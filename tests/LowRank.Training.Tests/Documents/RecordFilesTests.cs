using System.Globalization;
using System.IO.Compression;
using System.Text;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Documents;
using ZstdSharp;

namespace LowRank.Training.Tests.Documents;

/// <summary>Files of records: JSON lines, JSON arrays, tables and WET files.</summary>
public sealed class RecordFilesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a.jsonl")]
    [InlineData("a.jsonl.zstd")]
    [InlineData("a.ndjson.gz")]
    [InlineData("a.json")]
    [InlineData("a.JSON.GZ")]
    [InlineData("a.json.zst")]
    public void Json_lines_in_several_members_or_frames_are_one_file(string name)
    {
        var path = folder.Write(
            name,
            [.. Compress("{\"id\": 1, \"content\": \"One.\"}\n{\"con", name), .. Compress("tent\": \"Two.\"}\n", name)]
        );

        Assert.Equal(["One.", "Two."], Read(path, "content"));
        Assert.StartsWith(
            $"Line 1 of '{path}' has no string named \"text\"; there is \"id\", \"content\". Each line",
            Refusal(path).Message,
            StringComparison.Ordinal
        );
        Assert.Contains("give it with --text-column.", Refusal(path).Say(FlagNames.Of), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".gz")]
    [InlineData(".zst")]
    public void A_json_array_gives_its_elements_however_long_they_are(string extension)
    {
        string[] texts = [.. Enumerable.Range(0, 300).Select(i => $"Text {i}: " + new string((char)('a' + (i % 26)), i * i))];
        var elements = texts.Select(text => $" {{\n\"tags\": [\"]\", {{\"text\": 1}}],\n\"text\": \"{text}\\r\\n.\" }}\n");
        var content = "\uFEFF \n[" + string.Join(',', elements) + "]\n \n";
        var path = folder.Write("a.json" + extension, Compress(content, extension));

        Assert.Equal(texts.Select(text => text + "\n."), Read(path));
    }

    [Theory]
    [InlineData("[]", "")]
    [InlineData("[{\"text\": \"\"}]", "")]
    [InlineData("[{\"text\": \"a\"}, 5, {\"text\": null}, {\"id\": 1}, {\"text\": \"b\"}]", "a b")]
    public void Elements_without_a_text_are_passed_over(string content, string documents) =>
        Assert.Equal(documents, string.Join(' ', Read(folder.Write("a.json", content))));

    [Theory]
    [InlineData("[{\"id\": 1}]", "Element 1 of '{0}' has no string named \"text\"; there is \"id\".")]
    [InlineData("[5]", "Element 1 of '{0}' is no JSON object.")]
    [InlineData("[{\"text\": \"a\"}", "'{0}' is no JSON (")]
    [InlineData("[{\"text\": \"a\"}, {\"text\": \"b", "'{0}' is no JSON (")]
    [InlineData("[{\"text\": \"a\"} {\"text\": \"b\"}]", "'{0}' is no JSON (")]
    [InlineData("[{\"text\": \"a\"}] {\"text\": \"b\"}", "'{0}' is no JSON (")]
    [InlineData("{\n\"text\": \"a\"\n}", "Line 1 of '{0}' is no JSON object (")]
    public void Json_that_is_no_array_of_texts_is_refused(string content, string message)
    {
        var path = folder.Write("a.json", content);

        Assert.StartsWith(message.Replace("{0}", path, StringComparison.Ordinal), Refusal(path).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_array_that_begins_with_what_is_not_UTF8_is_refused()
    {
        var path = folder.Write("a.json", [.. "[{\"text\": \""u8, 0xE9, .. "\"}, {\"text\": \"a\"}]"u8]);

        Assert.StartsWith($"Element 1 of '{path}' is not UTF-8.", Refusal(path).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".gz")]
    public void A_table_gives_the_fields_of_its_column(string extension)
    {
        var content =
            "\uFEFFid,\"text\",\"a \"\"b\"\", c\"\r\n1,plain,\r\n\r\n2,\"two\r\nlines, \"\"quoted\"\"\",x\r\n3,,y\n4,\"\",\n5,\"é\n\n\",z";
        var path = folder.Write("a.csv" + extension, Compress(content, extension));

        Assert.Equal(["plain", "two\nlines, \"quoted\"", "é\n\n"], Read(path));
        Assert.Equal(["1", "2", "3", "4", "5"], Read(path, "id"));
        Assert.Equal(["x", "y", "z"], Read(path, "a \"b\", c"));
        Assert.Equal(
            $"The header of '{path}' has no column \"Text\"; there is \"id\", \"text\", \"a \"b\", c\". Name the column that holds the text with --text-column.",
            Refusal(path, "Text").Say(FlagNames.Of)
        );
    }

    [Fact]
    public void Broken_rows_are_counted_and_the_first_is_named()
    {
        var path = folder.Write("a.csv", "id,text\n1,\"one\nline\"\n2\n3,a,b\n4,\"a\"b\n5,a\"b\n6,six\n");
        var files = new TextFiles([path]);

        Assert.Equal(["one\nline", "six"], files.ReadDocuments().Select(Encoding.UTF8.GetString));
        var found = new BrokenRecords(4, $"The record at line 4 of '{path}' has another number of fields (1) than the header (2)");
        Assert.Equal(found, files.Broken);
        // Each reading counts anew.
        Assert.Equal(2, files.ReadDocuments().Count());
        Assert.Equal(found, files.Broken);
    }

    [Theory]
    [InlineData("text,id,text\na,1,b", "The header of '{0}' has the column \"text\" twice; there is")]
    [InlineData("te\"xt\na", "The header of '{0}' has a quote within a field that isn't in quotes; there is")]
    [InlineData("id,text\n1", "The record at line 2 of '{0}' has another number of fields (1) than the header (2).")]
    [InlineData(
        "id,text\n1,a\n2,\"b\n3,c",
        "The table '{0}' opens quotes in the record at line 3, and the file ends before they are closed."
    )]
    public void A_table_that_is_none_is_refused(string content, string message)
    {
        var path = folder.Write("a.csv", content);

        Assert.StartsWith(message.Replace("{0}", path, StringComparison.Ordinal), Refusal(path).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.wet")]
    [InlineData("a.warc.wet.gz")]
    public void The_conversions_of_a_wet_file_are_its_documents(string name)
    {
        string[] records =
        [
            Record("warcinfo", "Software-Info: x\r\n\r\n"),
            Record("conversion", "Grüße.\r\n\r\nWARC/1.0\r\nZwei.\n"),
            Record("conversion", new string('x', 200_000)),
            Record("conversion", ""),
            Record("conversion", "<p>", "application/xhtml+xml"),
            "WARC/1.1\nwarc-type:conversion\ncontent-length: 4\n\nlast",
        ];
        // Each record is a member of its own.
        var path = folder.Write(name, [.. records.SelectMany(record => Compress(record, name))]);

        Assert.Equal(["Grüße.\n\nWARC/1.0\nZwei.", new string('x', 200_000), "last"], Read(path));
    }

    [Fact]
    public void A_page_that_is_not_UTF8_is_passed_over()
    {
        byte[] latin = [.. "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 1\r\n\r\n"u8, 0xE9, .. "\r\n\r\n"u8];
        byte[] good = Encoding.UTF8.GetBytes(Record("conversion", "good"));
        var path = folder.Write("a.wet", [.. good, .. latin, .. good, .. latin]);
        var files = new TextFiles([path]);

        Assert.Equal(["good", "good"], files.ReadDocuments().Select(Encoding.UTF8.GetString));
        Assert.Equal(new BrokenRecords(2, $"Record 2 of '{path}' is not UTF-8"), files.Broken);
        Assert.StartsWith("Record 1 of", Refusal(folder.Write("b.wet", [.. latin, .. good])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text", "The file '{0}' is no WET: it doesn't begin with WARC/1.0.")]
    [InlineData("WARC/1.0\r\nWARC-Type: conv", "Record 1 of '{0}' ends within its headers.")]
    [InlineData("WARC/1.0\r\nWARC-Type: conversion\r\n\r\n", "Record 1 of '{0}' has no Content-Length, or none that is a number.")]
    [InlineData("WARC/1.0\r\nContent-Length: -1\r\n\r\n", "Record 1 of '{0}' has no Content-Length, or none that is a number.")]
    [InlineData("WARC/1.0\r\nContent-Length: 9999999999\r\n\r\nabc", "Record 1 of '{0}' is shorter than its Content-Length says.")]
    [InlineData("WARC/1.0\r\nContent-Length: 1\r\n\r\nabc", "Record 2 of '{0}' doesn't begin with WARC/1.0.")]
    public void A_wet_file_that_is_damaged_is_refused(string content, string message)
    {
        var path = folder.Write("a.wet", content);

        Assert.StartsWith(message.Replace("{0}", path, StringComparison.Ordinal), Refusal(path).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.json.gz", "[{\"text\": \"a\"}]")]
    [InlineData("a.csv.gz", "text\na")]
    [InlineData("a.wet.gz", "WARC/1.0\nContent-Length: 1\n\na")]
    public void A_compressed_file_of_records_that_is_cut_off_is_refused(string name, string content)
    {
        var whole = Compress(content, name);
        var path = folder.Write(name, whole[..^6]);

        Assert.StartsWith($"The compressed file '{path}' is damaged or cut off:", Refusal(path).Message, StringComparison.Ordinal);
    }

    private static string Record(string type, string content, string media = "text/plain") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"WARC/1.0\r\nWARC-Type: {type}\r\nWARC-Target-URI: http://a.example/\r\nContent-Type: {media}\r\nContent-Length: {Encoding.UTF8.GetByteCount(content)}\r\n\r\n{content}\r\n\r\n"
        );

    private static byte[] Compress(string content, string name)
    {
        var compressed = new MemoryStream();
        using (
            Stream stream = Path.GetExtension(name).ToUpperInvariant() switch
            {
                ".GZ" => new GZipStream(compressed, CompressionLevel.Fastest),
                ".ZST" or ".ZSTD" => new CompressionStream(compressed),
                _ => compressed,
            }
        )
        {
            stream.Write(Encoding.UTF8.GetBytes(content));
        }

        return compressed.ToArray();
    }

    private static string[] Read(string path, string column = "text") =>
        [.. new TextFiles([path], column).ReadDocuments().Select(Encoding.UTF8.GetString)];

    private static InputException Refusal(string path, string column = "text") =>
        Assert.ThrowsAny<InputException>(() => Read(path, column));
}
