using System.IO.Compression;
using System.Text;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Data;
using LowRank.Training.Documents;
using ZstdSharp;

namespace LowRank.Training.Tests.Data;

public sealed class SpooledTextTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("{\"text\":\"one\"}\n{\"text\":\"two\"}\n", "one|two")]
    [InlineData("\uFEFF\n {\"text\":\"one\"}", "one")]
    [InlineData("[\n{\"text\":\"one\"},{\"text\":\"two\"}]", "one|two")]
    [InlineData("[1] A note that begins with brackets.", "[1] A note that begins with brackets.")]
    [InlineData("WARC/1.0\nWARC-Type: conversion\nContent-Length: 3\n\none\n\n", "one")]
    [InlineData("one\n", "one")]
    public void What_is_read_is_known_by_its_first_bytes_also_within_compressed_data(string content, string documents)
    {
        foreach (var compression in (string[])["", "gzip", "zstd"])
        {
            using var text = SpooledText.Fill(Compress(content, compression), folder.Path, "text", CancellationToken.None);
            Assert.Equal(documents, string.Join('|', text.ReadDocuments().Select(Encoding.UTF8.GetString)));
        }
    }

    [Fact]
    public void Compressed_data_that_is_cut_off_is_refused()
    {
        var whole = Compress(string.Concat(Enumerable.Range(0, 5000).Select(i => $"{{\"text\":\"{i}\"}}\n")), "gzip").ToArray();
        using var text = SpooledText.Fill(new MemoryStream(whole[..^20]), folder.Path, "text", CancellationToken.None);

        Assert.Contains(
            "is damaged or cut off",
            Assert.ThrowsAny<InputException>(() => text.ReadDocuments().Count()).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("a.txt", "text")]
    [InlineData("a.wet", "WARC/1.0\nContent-Length: 1\n\na")]
    public void A_column_that_no_text_has_is_refused(string name, string content)
    {
        var path = folder.Write(name, content);
        var records = folder.Write("b.jsonl", "{\"content\":\"a\"}");

        Assert.Equal(
            $"--text-column names the column \"content\", but none of the texts has columns: '{path}' is read as a whole. Leave it out (or \"text\"), or name files of records (.jsonl, .json, .csv, .parquet).",
            Assert.ThrowsAny<InputException>(() => Prepare(path)).Say(FlagNames.Of)
        );
        Assert.StartsWith(
            "TextColumn names the column \"content\", but none of the texts has columns: the API documentation of the .NET SDK is read",
            Assert.ThrowsAny<InputException>(() => Prepare()).Message,
            StringComparison.Ordinal
        );
        UnusedColumn.Refuse([path, records], "content", CancellationToken.None);
        Assert.ThrowsAny<InputException>(() => SpooledText.Fill(Compress(content, "gzip"), folder.Path, "content", CancellationToken.None));
        Assert.Empty(Directory.GetDirectories(folder.Path));

        TokenDataset Prepare(params string[] paths) =>
            TokenDataset.Prepare(
                new CorpusOptions
                {
                    TextPaths = paths,
                    TextColumn = "content",
                    CacheDirectory = folder.Path,
                }
            );
    }

    private static MemoryStream Compress(string content, string compression)
    {
        var compressed = new MemoryStream();
        using (
            Stream stream = compression switch
            {
                "gzip" => new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
                "zstd" => new CompressionStream(compressed, leaveOpen: true),
                _ => new BufferedStream(compressed),
            }
        )
        {
            stream.Write(Encoding.UTF8.GetBytes(content));
            stream.Flush();
            return new MemoryStream(Finished(stream, compressed));
        }
    }

    private static byte[] Finished(Stream stream, MemoryStream compressed)
    {
        if (stream is not BufferedStream)
            stream.Dispose();
        return compressed.ToArray();
    }
}
