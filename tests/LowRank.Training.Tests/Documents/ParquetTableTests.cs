using System.Text;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Documents;
using Parquet;
using Parquet.Schema;

namespace LowRank.Training.Tests.Documents;

public sealed class ParquetTableTests : IDisposable
{
    private static readonly ParquetSchema Schema = new(
        new DataField<int>("id"),
        new DataField("text", typeof(string), isNullable: true),
        new DataField("content", typeof(string), isNullable: false),
        new DataField("bytes", typeof(byte[]), isNullable: true),
        new StructField("meta", new DataField<string>("source"))
    );

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<CompressionMethod> Compressions =>
        new(CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Gzip, CompressionMethod.Brotli, CompressionMethod.Zstd);

    [Theory]
    [MemberData(nameof(Compressions))]
    public async Task Every_row_group_gives_the_texts_of_its_column(CompressionMethod compression)
    {
        var path = await Write("a.parquet", compression);

        Assert.Equal(["é one\nline", "two", "two", "é one\nline", "two", "two"], Read(path, "text"));
        Assert.Equal(["q", "r", "s", "q", "r", "s"], Read(path, "content"));
    }

    [Theory]
    [InlineData("Text", "has no column \"Text\"")]
    [InlineData("id", "has no text in its column \"id\"")]
    [InlineData("meta", "has no text in its column \"meta\"")]
    [InlineData("source", "has no column \"source\"")]
    public async Task A_column_that_is_none_is_refused_with_those_that_are_there(string column, string what)
    {
        var path = await Write("a.parquet", CompressionMethod.Snappy);

        Assert.Equal(
            $"The table of '{path}' {what}; there is \"id\", \"text\", \"content\", \"bytes\", \"meta\". Name the column that holds the text with --text-column.",
            Refusal(path, column).Say(FlagNames.Of)
        );
    }

    [Fact]
    public async Task A_text_that_is_not_UTF8_is_passed_over()
    {
        var path = await Write("a.parquet", CompressionMethod.Snappy);
        var files = new TextFiles([path], "bytes");

        Assert.Equal(["good", "good"], files.ReadDocuments().Select(Encoding.UTF8.GetString));
        Assert.Equal(new BrokenRecords(4, $"Row 3 of '{path}' is not UTF-8"), files.Broken);
    }

    [Fact]
    public async Task A_file_that_is_damaged_is_refused_and_passed_over_in_a_folder()
    {
        var whole = File.ReadAllBytes(await Write("a.parquet", CompressionMethod.Zstd));
        foreach (
            var (length, at) in ((int, int)[])
                [(0, -1), (3, -1), (100, -1), (whole.Length - 1, -1), (whole.Length, 0), (whole.Length, whole.Length - 6)]
        )
        {
            var content = whole[..length];
            if (at >= 0)
                content[at] ^= 0x55;
            var path = folder.Write("damaged/b.parquet", content);
            Assert.StartsWith($"The Parquet file '{path}' is damaged or cut off:", Refusal(path, "text").Message, StringComparison.Ordinal);
        }

        folder.Write("damaged/a.txt", "text");
        var files = new TextFiles([folder.Under("damaged")]);
        Assert.Single(files.ReadDocuments());
        Assert.Equal(["damaged or cut off"], files.Skipped.Select(file => file.Reason));
    }

    [Fact]
    public void A_file_that_is_compressed_as_a_whole_is_refused()
    {
        var path = folder.Write("a.parquet.gz", "x");

        Assert.Equal(
            $"The Parquet file '{path}' is compressed as a whole, and such a file is read from its end; unpack it.",
            Refusal(path, "text").Message
        );
    }

    [Fact]
    public async Task A_file_that_is_replaced_before_it_is_read_is_an_error()
    {
        var path = await Write("a.parquet", CompressionMethod.None);
        var files = new TextFiles([path]);
        await Write("a.parquet", CompressionMethod.Zstd);

        Assert.StartsWith(
            $"The text file '{path}' changed while it was read",
            Assert.ThrowsAny<InputException>(() => files.ReadDocuments().Count()).Message
        );
    }

    private async Task<string> Write(string name, CompressionMethod compression)
    {
        using var content = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(Schema, content, new ParquetOptions { CompressionMethod = compression }))
        {
            var fields = Schema.DataFields;
            for (var group = 0; group < 2; group++)
            {
                using var rows = writer.CreateRowGroup();
                await rows.WriteAsync<int>(fields[0], new[] { 1, 2, 3, 4 });
                await rows.WriteAsync(fields[1], new[] { "é one\r\nline", null!, "two", "two" });
                await rows.WriteAsync(fields[2], new[] { "q", "", "r", "s" });
                await rows.WriteAsync(fields[3], new byte[][] { [.. "good"u8], null!, [0xE9], [0] });
                await rows.WriteAsync(fields[4], new[] { "a", "b", "c", "d" });
            }
        }

        return folder.Write(name, content.ToArray());
    }

    private static string[] Read(string path, string column) =>
        [.. new TextFiles([path], column).ReadDocuments().Select(Encoding.UTF8.GetString)];

    private static InputException Refusal(string path, string column) => Assert.ThrowsAny<InputException>(() => Read(path, column));
}
