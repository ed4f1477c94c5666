using System.IO.Compression;
using System.Text;
using LowRank.Training.Documents;
using ZstdSharp;

namespace LowRank.Training.Tests.Documents;

public sealed class CompressedFileTests : IDisposable
{
    private static readonly byte[] Gzip = Compress("some text"u8, ".gz");
    private static readonly byte[] Zstandard = Compress("some text"u8, ".zst");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, byte[], string> OtherThanNamed =>
        new()
        {
            { "a.txt.gz", [.. "plain"u8], "is gzip by its ending '.gz', but holds plain text; name it without that ending." },
            { "a.txt.zst", [.. "plain"u8], "is zstd by its ending '.zst', but holds plain text; name it without that ending." },
            { "a.txt.gz", Zstandard, "is gzip by its ending '.gz', but holds zstd; let its name end in .zst." },
            { "a.txt.zst", Gzip, "is zstd by its ending '.zst', but holds gzip; let its name end in .gz." },
            { "a.txt", Gzip, "is text by its name, but holds gzip; let its name end in .gz." },
            { "a.jsonl", Zstandard, "is text by its name, but holds zstd; let its name end in .zst." },
            { "a.txt.gz", [0xFD, .. "7zXZ"u8, 0, 0, 4], "is gzip by its ending '.gz', but holds xz; that isn't read:" },
            { "a.txt.gz", [.. "BZh91AY&SY"u8, 1, 2], "is gzip by its ending '.gz', but holds bzip2; that isn't read:" },
            { "a.txt.gz", [.. "PK"u8, 3, 4, 20, 0], "is gzip by its ending '.gz', but holds a zip archive; that isn't read:" },
            {
                "a.txt.zst",
                [1, 2, 3, 4, 0xFF],
                "is zstd by its ending '.zst', but holds something else (it doesn't begin as zstd does); make it anew, or leave it out."
            },
        };

    [Theory]
    [MemberData(nameof(OtherThanNamed))]
    public void A_file_that_is_not_what_its_ending_says_is_called_what_it_is(string name, byte[] content, string reason)
    {
        var path = folder.Write(name, content);

        Assert.StartsWith($"The file '{path}' {reason}", Error(path));
    }

    [Theory]
    [InlineData(".gz")]
    [InlineData(".zst")]
    public void Something_else_behind_the_data_is_called_that(string extension) =>
        Assert.EndsWith(
            "is damaged or cut off: Something else follows the compressed data. Make it anew.",
            Error(folder.Write("b.txt" + extension, [.. Compress("some text"u8, extension), .. "garbage"u8]))
        );

    [Fact]
    public void Zeros_behind_gzip_are_padding_as_for_the_tool()
    {
        const string extension = ".gz";
        var data = Gzip;
        foreach (var zeros in (int[])[1, 7, 8, 512, 100_000])
        {
            Assert.Equal("some text", Read(folder.Write("a.txt" + extension, [.. data, .. new byte[zeros]])));
            Assert.Equal("some textsome text", Read(folder.Write("a.txt" + extension, [.. data, .. new byte[zeros], .. data])));
        }

        Assert.Equal(
            "some text",
            Read(folder.Write("a.txt" + extension, [.. Compress([], extension), .. data, 0, 0, .. Compress([], extension)]))
        );
        Assert.EndsWith(
            "is damaged or cut off: Something else follows the compressed data. Make it anew.",
            Error(folder.Write("b.txt" + extension, [.. data, 0, .. "garbage"u8]))
        );
    }

    [Theory]
    [InlineData(".gz")]
    [InlineData(".zst")]
    public void An_empty_file_is_no_compressed_one(string extension) =>
        Assert.EndsWith("is damaged or cut off: it has 0 bytes. Make it anew.", Error(folder.Write("a.txt" + extension, "")));

    [Theory]
    [InlineData(".gz")]
    [InlineData(".zst")]
    public void Thousands_of_pieces_are_one_file(string extension)
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 3000).Select(i => $"{i} ")));
        byte[] pieces = [.. Enumerable.Range(0, 3000).SelectMany(i => Compress(Encoding.UTF8.GetBytes($"{i} "), extension))];

        Assert.Equal(Encoding.UTF8.GetString(content), Read(folder.Write("a.txt" + extension, pieces)));
    }

    [Fact]
    public void Gzips_header_may_hold_a_name_a_comment_and_more()
    {
        byte[] header = [.. Gzip[..3], 2 | 4 | 8 | 16, .. Gzip[4..10], 3, 0, 1, 2, 3, .. "name"u8, 0, .. "comment"u8, 0, 9, 9];

        Assert.Equal("some text", Read(folder.Write("a.txt.gz", [.. header, .. Gzip[10..]])));
        Assert.Contains("The file ends before", Error(folder.Write("b.txt.gz", header[..20])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_checksum_is_called_one()
    {
        byte[] damaged = [.. Gzip];
        damaged[^8] ^= 1;

        Assert.EndsWith(
            "is damaged or cut off: Its checksum is wrong, or the file ends before it. Make it anew.",
            Error(folder.Write("a.txt.gz", damaged))
        );
    }

    [Fact]
    public void Zstandards_frames_without_content_are_passed_over()
    {
        byte[] skippable = [0x5A, 0x2A, 0x4D, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5];

        Assert.Equal(
            "some textsome text",
            Read(folder.Write("a.txt.zst", [.. skippable, .. Zstandard, .. skippable, .. Zstandard, .. skippable]))
        );
    }

    [Fact]
    public void A_window_that_is_too_large_is_called_that()
    {
        // A frame of one byte that asks for a window of 2^28 bytes.
        var path = folder.Write("a.txt.zst", [0x28, 0xB5, 0x2F, 0xFD, 0, (28 - 10) << 3, 9, 0, 0, (byte)'a']);

        Assert.Equal(
            $"The compressed file '{path}' needs a window of more than 128 MB to be read, more than is set apart for it; compress it anew with a smaller one (zstd's default is).",
            Error(path)
        );
    }

    private static byte[] Compress(ReadOnlySpan<byte> content, string extension)
    {
        var compressed = new MemoryStream();
        using (
            Stream stream =
                extension == ".gz"
                    ? new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)
                    : new CompressionStream(compressed)
        )
        {
            stream.Write(content);
            stream.Flush();
        }

        return compressed.ToArray();
    }

    private static string Read(string path) => string.Concat(new TextFiles([path]).ReadDocuments().Select(Encoding.UTF8.GetString));

    private static string Error(string path) => Assert.ThrowsAny<InputException>(() => Read(path)).Message;
}
