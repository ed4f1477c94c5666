using System.IO.Compression;
using System.Text;
using LowRank.Training.CommandLine;
using LowRank.Training.Data;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>A text from standard input is the text that a file would be.</summary>
public sealed class StandardInputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string text = string.Join(
        "\n\n",
        Enumerable.Range(0, 400).Select(index => $"Document {index} says that the number {index * index} is the square of {index}.")
    );

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_run_reads_it_is_found_again_by_its_content_and_resumes_with_the_same_text_alone()
    {
        var cache = Path.Combine(folder.Path, "cache");
        string[] arguments =
        [
            "train",
            "SmallTransformer",
            "--text",
            "-",
            "--cache",
            cache,
            "--output",
            Path.Combine(folder.Path, "run"),
            "--steps",
            "2",
            "--batch",
            "2",
            "--context",
            "16",
            "--evaluation-sequences",
            "1",
            "--validation-fraction",
            "0.2",
        ];
        var (code, _, error) = await App.Run(arguments, input: text);
        Assert.True(code == 0, error);
        Assert.Contains("Text: standard input.", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(cache, "*.tmp"));

        (code, _, error) = await App.Run([.. arguments, "--resume"], input: text);
        Assert.True(code == 0, error);
        Assert.DoesNotContain("Training a tokenizer", error, StringComparison.Ordinal);
        (code, _, error) = await App.Run([.. arguments, "--resume"], input: text + " Not the same.");
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains("the text or its tokenizer", error, StringComparison.Ordinal);

        var file = Path.Combine(folder.Path, "text.txt");
        File.WriteAllText(file, text);
        using var same = TokenDataset.Prepare(
            new CorpusOptions
            {
                TextPaths = [file],
                Vocabulary = 512,
                ValidationFraction = 0.2,
                CacheDirectory = cache,
            }
        );
        (code, _, error) = await App.Run([
            "evaluate",
            Path.Combine(folder.Path, "run"),
            "--text",
            file,
            "--validation-fraction",
            "0.2",
            "--cache",
            cache,
        ]);
        Assert.True(code == 0, error);
        Assert.DoesNotContain("not the text", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_the_whole_text_and_not_nothing()
    {
        string[] run = ["train", "SmallTransformer", "--cache", folder.Path, "--output", Path.Combine(folder.Path, "run")];
        var (code, _, error) = await App.Run([.. run, "--text", "-", folder.Path], input: text);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith("--text - reads standard input as the whole text", error, StringComparison.Ordinal);
        (code, _, error) = await App.Run([.. run, "--text", "-"]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains("There is no text in standard input", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Compressed_text_and_json_lines_are_known_by_how_they_begin()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        compressed.Position = 0;
        var plain = Documents(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        Assert.Contains("square of 399", plain[^1], StringComparison.Ordinal);
        Assert.Equal(plain, Documents(compressed));
        Assert.Equal(
            ["one", "two"],
            Documents(new MemoryStream("""
            {"text": "one"}
            {"text": "two"}
            """u8.ToArray()))
        );
        Assert.Equal(
            ["Page."],
            Documents(new MemoryStream("WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 5\r\n\r\nPage.\r\n\r\n"u8.ToArray()))
        );
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_pipe_that_gives_nothing_is_left_when_the_program_is_asked_to_stop()
    {
        using var stop = new CancellationTokenSource();
        using var pipe = new SilentPipe(stop);
        Assert.ThrowsAny<OperationCanceledException>(() => SpooledText.Fill(pipe, folder.Path, "text", stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        pipe.End.Set();
    }

    private string[] Documents(Stream stream)
    {
        using var spooled = SpooledText.Fill(stream, folder.Path, "text", CancellationToken.None);
        return [.. spooled.ReadDocuments().Select(document => Encoding.UTF8.GetString(document))];
    }

    // Asks for the stop while it is being read.
    private sealed class SilentPipe(CancellationTokenSource stop) : MemoryStream
    {
        public ManualResetEventSlim End { get; } = new();

        public override int Read(Span<byte> buffer)
        {
            stop.Cancel();
            End.Wait();
            return 0;
        }
    }
}
