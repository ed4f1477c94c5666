using System.IO.Compression;
using System.Text;
using LowRank.Training.Documents;
using Parquet;
using Parquet.Schema;
using ZstdSharp;

namespace LowRank.Training.Tests.Documents;

/// <summary>Files that would fill the memory end in an error, or lose the record that would.</summary>
public sealed class ReadingLimitsTests : IDisposable
{
    private static readonly ReadingLimits Small = new()
    {
        LargestRecord = 100_000,
        LargestFile = 3_000_000,
        FreeExpansion = 1_000_000,
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a.jsonl", "{\"text\":\"a\"}\n", "{\"text\":\"", "\"}\n")]
    [InlineData("a.csv", "text\na\n", "", "\n")]
    [InlineData(
        "a.wet",
        "WARC/1.0\nWARC-Type: conversion\nContent-Length: 1\n\na\n\n",
        "WARC/1.0\nWARC-Type: conversion\nContent-Length: 200000\n\n",
        "\n\n"
    )]
    public void A_record_that_is_too_large_is_passed_over(string name, string good, string before, string after)
    {
        var header = name == "a.csv" ? good["text\n".Length..] : good;
        var path = folder.Write(name, good + before + new string('x', 200_000) + after + header);
        var reading = new RecordReading(path) { Limits = Small };

        Assert.Equal(["a", "a"], DocumentReader.Read(reading).Select(document => document.Text));
        Assert.Equal(1, reading.Broken!.Count);
        Assert.Contains("large", reading.Broken.First, StringComparison.Ordinal);
    }

    [Fact]
    public void An_element_or_a_quoted_field_that_is_too_large_ends_the_file()
    {
        var text = new string('x', 1_000_000);
        Assert.EndsWith(
            "is larger than 97.7 KiB; break it up.",
            Refusal(folder.Write("a.json", "[{\"text\":\"a\"},{\"text\":\"" + text + "\"}]")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "and more than 97.7 KiB follow before they are closed",
            Refusal(folder.Write("a.csv", "text\na\n\"" + text.Replace("xxxxxxxxxx", "xxxxxxxxx\n", StringComparison.Ordinal))),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(".gz")]
    [InlineData(".zst")]
    public void A_bomb_stops(string ending)
    {
        var bomb = folder.Write("a.jsonl" + ending, Compress(ending, [.. "{\"text\":\"a\"}\n"u8, .. new byte[2_500_000]]));
        Assert.Contains("more than 250 times as much, which is no text", Refusal(bomb), StringComparison.Ordinal);

        var random = new Random(1);
        var lines = string.Concat(Enumerable.Range(0, 400_000).Select(_ => $"{{\"text\":\"{random.Next()}\"}}\n"));
        var large = folder.Write("b.jsonl" + ending, Compress(ending, Encoding.ASCII.GetBytes(lines)));
        Assert.Contains("holds more than 2.86 MiB; cut it into several", Refusal(large), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parquet_file_with_a_page_that_is_too_large_is_refused()
    {
        var schema = new ParquetSchema(new DataField<string>("text"));
        using var content = new MemoryStream();
        await using (
            var writer = await ParquetWriter.CreateAsync(schema, content, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd })
        )
        {
            using var rows = writer.CreateRowGroup();
            await rows.WriteAsync(schema.DataFields[0], new[] { new string('x', 200_000) });
        }

        var path = folder.Write("a.parquet", content.ToArray());
        Assert.Equal(
            $"The Parquet file '{path}' is damaged or cut off: a page of it is larger than 97.7 KiB. Make it anew.",
            Refusal(path)
        );
        Assert.Single(DocumentReader.Read(path));
    }

    private static string Refusal(string path) =>
        Assert.ThrowsAny<InputException>(() => DocumentReader.Read(new RecordReading(path) { Limits = Small }).Count()).Message;

    private static byte[] Compress(string ending, byte[] content)
    {
        var compressed = new MemoryStream();
        using (
            Stream stream = ending == ".gz" ? new GZipStream(compressed, CompressionLevel.SmallestSize) : new CompressionStream(compressed)
        )
            stream.Write(content);
        return compressed.ToArray();
    }
}
