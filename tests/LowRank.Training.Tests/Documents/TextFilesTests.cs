using System.IO.Compression;
using System.Text;
using LowRank.Training.Documents;
using ZstdSharp;

namespace LowRank.Training.Tests.Documents;

public sealed class TextFilesTests : IDisposable
{
    private const string TwoLines =
        "{\"text\": \"One \\u00e9.\\r\\nTwo.\", \"id\": 1}\n\n{\"id\": {\"text\": 2}, \"text\": \"Three.\"}\n{\"text\": \"\"}";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Compressions => new("", ".gz", ".zst");

    [Theory]
    [MemberData(nameof(Compressions))]
    public void Plain_text_is_read_plain_and_compressed(string extension)
    {
        var path = folder.Write("a.txt" + extension, Compress("Grüße.\r\nZwei Zeilen.\r\n"u8, extension));

        Assert.Equal(["Grüße.\nZwei Zeilen."], Read(path));
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void Json_lines_are_read_plain_and_compressed(string extension)
    {
        var path = folder.Write("a.jsonl" + extension, Compress(Encoding.UTF8.GetBytes(TwoLines), extension));

        Assert.Equal(["One é.\nTwo.", "Three."], Read(path));
    }

    [Theory]
    [InlineData(".gz")]
    [InlineData(".zst")]
    public void A_compressed_file_that_is_cut_off_is_an_error(string extension)
    {
        var random = new Random(1);
        var noise = new byte[100_000];
        random.NextBytes(noise);
        var whole = Compress(Encoding.UTF8.GetBytes(Convert.ToBase64String(noise)), extension);
        foreach (var missing in (int[])[1, 4, 9, 1000, whole.Length - 20, whole.Length - 3])
        {
            var cut = folder.Write("cut.txt" + extension, whole[..^missing]);
            Assert.StartsWith($"The compressed file '{cut}' is damaged or cut off:", Error(cut));
        }
    }

    [Fact]
    public void Several_compressed_files_in_a_row_are_one()
    {
        foreach (var extension in (string[])[".gz", ".zst"])
        {
            var path = folder.Write("a.txt" + extension, [.. Compress("first, "u8, extension), .. Compress("second"u8, extension)]);
            Assert.Equal(["first, second"], Read(path));
        }
    }

    [Fact]
    public void Folders_give_their_text_files_in_ordinal_order()
    {
        folder.Write("b.txt", "b");
        folder.Write("B.md", "B");
        folder.Write("a/z.txt", "a/z");
        folder.Write("a.txt", "a");
        folder.Write("no-extension", "none");
        folder.Write("c.jsonl", "{\"text\":\"c\"}");
        folder.Write("picture.PNG", "binary");
        folder.Write("archive.tar.gz", "binary");
        folder.Write(".git/config", "hidden");
        folder.Write(".hidden.txt", "hidden");

        Assert.Equal(["B", "a", "a/z", "b", "c", "none"], Read(folder.Path));
    }

    [Fact]
    public void Paths_are_read_in_the_order_given_and_a_file_named_twice_once()
    {
        var b = folder.Write("b.txt", "b");
        var a = folder.Write("a.txt", "a");

        Assert.Equal(["b", "a"], Read(b, a, folder.Path));
    }

    [Fact]
    public void Long_text_is_cut_at_blank_lines_and_nothing_is_lost()
    {
        string[] paragraphs = [.. Enumerable.Range(0, 200).Select(i => $"Paragraph {i}: {new string('x', 300)}")];
        var documents = Read(folder.Write("a.txt", string.Join("\n\n", paragraphs)));

        Assert.InRange(documents.Length, 10, 20);
        Assert.Equal(paragraphs, documents.SelectMany(document => document.Split("\n\n")));
        Assert.All(documents[..^1], document => Assert.InRange(document.Length, 4000, 5000));
    }

    [Fact]
    public void Text_without_blank_lines_is_cut_at_the_ends_of_lines()
    {
        string[] lines = [.. Enumerable.Range(0, 5000).Select(i => $"line {i}")];
        var documents = Read(folder.Write("a.txt", string.Join('\n', lines)));

        Assert.InRange(documents.Length, 2, 10);
        Assert.Equal(lines, documents.SelectMany(document => document.Split('\n')));
    }

    [Fact]
    public void Text_without_line_ends_is_cut_between_characters()
    {
        var text = string.Concat(Enumerable.Repeat("é€😀a", 30_000));
        var documents = Read(folder.Write("a.txt", text));

        Assert.InRange(documents.Length, 15, 40);
        Assert.Equal(text, string.Concat(documents));
    }

    [Fact]
    public void A_byte_order_mark_is_no_text() => Assert.Equal(["text"], Read(folder.Write("a.txt", [0xEF, 0xBB, 0xBF, .. "text"u8])));

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public void Bytes_that_are_not_UTF8_are_named_by_line_and_offset(int before)
    {
        var good = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("é line\n", before / 8)));
        var path = folder.Write("a.txt", [.. good, .. "ok "u8, 0xC3, 0x28, (byte)'\n']);

        Assert.Equal(
            $"The text file '{path}' is not UTF-8: line {1 + (before / 8)}, byte offset {before + 3}, holds the byte 0xC3. Convert it to UTF-8, or leave it out.",
            Error(path)
        );
    }

    [Fact]
    public void A_character_cut_off_at_the_end_is_an_error() =>
        Assert.Contains(
            "line 1, byte offset 2, holds the byte 0xE2",
            Error(folder.Write("a.txt", [.. "ab"u8, 0xE2, 0x82])),
            StringComparison.Ordinal
        );

    [Fact]
    public void UTF16_is_recognized() =>
        Assert.Contains(
            "is not UTF-8 (it looks like UTF-16)",
            Error(folder.Write("a.txt", [0xFF, 0xFE, 0x41, 0x00])),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("utf-16", "English text\nof two lines")]
    [InlineData("utf-16BE", "English text\nof two lines")]
    [InlineData("utf-16", "中文\n文字 1\n")]
    public void UTF16_without_a_byte_order_mark_is_recognized(string encoding, string text)
    {
        var path = folder.Write("a.txt", Encoding.GetEncoding(encoding).GetBytes(text));

        Assert.StartsWith($"The text file '{path}' is not UTF-8 (it looks like UTF-16): line ", Error(path));
    }

    [Fact]
    public void Bytes_of_zero_are_no_text() =>
        Assert.Contains(
            "is no text (it looks binary): line 2, byte offset 5, holds the byte 0x00.",
            Error(folder.Write("a", "one\nt\0\0wo")),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("{\"Text\": \"b\", \"id\": {\"text\": \"a\"}}", "Line 1 of '{0}' has no string named \"text\"; there is \"Text\", \"id\".")]
    [InlineData("{\"text\": 5}", "Line 1 of '{0}' has no string named \"text\"; there is \"text\".")]
    [InlineData("{}", "Line 1 of '{0}' has no string named \"text\"; there is nothing.")]
    [InlineData("{\"text\": \"a\", \"text\": \"b\"}", "Line 1 of '{0}' has \"text\" twice.")]
    [InlineData("[\"text\"]", "Line 1 of '{0}' is no JSON object.")]
    [InlineData("\n\n{\"text\": \"a\"", "Line 3 of '{0}' is no JSON object (")]
    [InlineData("text", "Line 1 of '{0}' is no JSON object (")]
    [InlineData("{\"text\": \"\\ud83d\"}", "Line 1 of '{0}' has a \"text\" with half of a surrogate pair, which is no text.")]
    public void A_first_line_that_is_no_document_is_named(string content, string message)
    {
        var path = folder.Write("a.jsonl", content);

        Assert.StartsWith(message.Replace("{0}", path, StringComparison.Ordinal), Error(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_path_a_binary_file_and_a_folder_without_text_are_errors()
    {
        var missing = folder.Under("missing.txt");
        var binary = folder.Write("weights.safetensors.gz", "x");

        Assert.Equal($"The text '{missing}' does not exist (looked for '{missing}'); name an existing file or folder.", Error(missing));
        Assert.StartsWith($"The file '{binary}' is not text by its extension '.safetensors'", Error(binary));
        Assert.Equal("A path of text is empty; name an existing file or folder.", Error(" "));
        Assert.StartsWith($"No text file was found in '{folder.Path}'", Error(folder.Path));
    }

    [Fact]
    public void Reading_stops_within_a_document()
    {
        using var cancellation = new CancellationTokenSource();
        var values = string.Join(',', Enumerable.Repeat("1", 100_000));
        var path = folder.Write("a.jsonl", $"{{\"text\": \"a\"}}\n{{\"other\": [{values}], \"text\": \"b\"}}");
        using var documents = new TextFiles([path]).ReadDocuments(cancellation.Token).GetEnumerator();
        Assert.True(documents.MoveNext());
        cancellation.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => documents.MoveNext());
        Assert.ThrowsAny<OperationCanceledException>(() => new TextFiles([path], cancellation: cancellation.Token));
    }

    [Fact]
    public void The_identity_changes_with_the_file()
    {
        var path = folder.Write("a.txt", "one");
        var before = new TextFiles([path]).Identity;

        Assert.Equal(before, new TextFiles([path]).Identity);
        File.WriteAllText(path, "other");
        Assert.NotEqual(before, new TextFiles([path]).Identity);
    }

    [Fact]
    public void A_file_that_is_only_touched_while_it_is_read_is_none_that_changed()
    {
        var path = folder.Write("a.jsonl", "{\"text\": \"a\"}\n{\"text\": \"b\"}");
        using var documents = new TextFiles([path]).ReadDocuments().GetEnumerator();
        Assert.True(documents.MoveNext());
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(5));
        Assert.True(documents.MoveNext());
        Assert.False(documents.MoveNext());
    }

    [Fact]
    public void A_file_that_was_replaced_at_equal_size_and_time_before_it_was_read_is_an_error()
    {
        var path = folder.Write("a.jsonl", "{\"text\": \"a\"}\n{\"text\": \"b\"}");
        var files = new TextFiles([path]);
        var time = File.GetLastWriteTimeUtc(path);
        File.WriteAllText(path, "{\"text\": \"a\"}\n{\"text\": \"c\"}");
        File.SetLastWriteTimeUtc(path, time);

        Assert.StartsWith(
            $"The text file '{path}' changed while it was read",
            Assert.ThrowsAny<InputException>(() => files.ReadDocuments().Count()).Message
        );
    }

    private static byte[] Compress(ReadOnlySpan<byte> content, string extension)
    {
        var compressed = new MemoryStream();
        using (
            Stream stream = extension switch
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

    private static string[] Read(params string[] paths) => [.. new TextFiles(paths).ReadDocuments().Select(Encoding.UTF8.GetString)];

    private static string Error(string path) => Assert.ThrowsAny<InputException>(() => Read(path)).Message;
}
