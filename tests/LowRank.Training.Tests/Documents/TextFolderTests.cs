using System.Diagnostics;
using System.Text;
using LowRank.Training.Documents;

namespace LowRank.Training.Tests.Documents;

public sealed class TextFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_no_text_is_passed_over_and_counted_by_reason()
    {
        folder.Write("a.txt", "a");
        folder.Write("b.json", "{\"name\": \"b\"}");
        folder.Write("c.CSV", "c,d");
        folder.Write("d.arrow", "ARROW1");
        folder.Write("e.wet.gz", "web");
        folder.Write("f.txt", [.. Encoding.UTF8.GetBytes(new string('x', 10_000)), 0xE9]);
        folder.Write("g.txt", Encoding.Unicode.GetBytes("two bytes a character"));
        folder.Write("h", [1, 0, 0, 2, 0]);
        folder.Write("i.txt.gz", "not compressed");
        folder.Write("j.jsonl", "{\"text\"");
        folder.Write(".k", "hidden");
        folder.Write("z.txt", "z");

        var files = new TextFiles([folder.Path]);
        string[] documents = [.. files.ReadDocuments().Select(Encoding.UTF8.GetString)];

        Assert.Equal(["a", "z"], documents);
        Assert.Equal(
            [
                "hidden",
                ".arrow",
                "no JSON lines with a text",
                "no table with such a column",
                "not what their ending says",
                "not UTF-8",
                "UTF-16",
                "binary",
                "not what their ending says",
                "no JSON lines with a text",
            ],
            files.Skipped.Select(file => file.Reason)
        );
        Assert.Equal(
            "2 no JSON lines with a text, 2 not what their ending says, 1 .arrow, 1 UTF-16, 1 binary, 1 hidden, 1 no table with such a column, 1 not UTF-8",
            SkippedCount.ByReason(files.Skipped)
        );
    }

    [Fact]
    public void Links_pipes_and_circles_end_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes among its files, and lets not everybody make links.");
        folder.Write("a/b/text.txt", "text");
        var other = folder.Write("c/other.txt", "other");
        File.CreateSymbolicLink(folder.Under("a", "b", "dangling"), folder.Under("nowhere"));
        File.CreateSymbolicLink(folder.Under("a", "b", "circle"), folder.Under("a", "b", "circle"));
        Directory.CreateSymbolicLink(folder.Under("a", "b", "parent"), folder.Under("a"));
        Directory.CreateSymbolicLink(folder.Under("a", "elsewhere"), folder.Under("c"));
        Directory.CreateSymbolicLink(folder.Under("a", "elsewhere-again"), folder.Under("c"));
        File.CreateSymbolicLink(folder.Under("a", "linked.txt"), other);
        MakePipe(folder.Under("a", "pipe"));
        File.CreateSymbolicLink(folder.Under("a", "null"), "/dev/null");

        var files = new TextFiles([folder.Under("a")]);

        Assert.Equal(["text", "other", "other"], files.ReadDocuments().Select(Encoding.UTF8.GetString));
        Assert.Equal(
            [
                ("circle", "links to nothing"),
                ("dangling", "links to nothing"),
                ("parent", "links to folders met before"),
                ("elsewhere", "links to folders met before"),
                ("null", "pipes, sockets or devices"),
                ("pipe", "pipes, sockets or devices"),
            ],
            files.Skipped.Select(file => (Path.GetFileName(file.Path), file.Reason))
        );
    }

    [Fact]
    public void A_pipe_or_device_that_is_named_is_refused_and_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes among its files.");
        var pipe = folder.Under("pipe");
        MakePipe(pipe);

        Assert.Equal($"The text '{pipe}' is a pipe, and text is read more than once; write it to a file, and name that.", Error(pipe));
        Assert.StartsWith("The text '/dev/null' is a device", Error("/dev/null"));
    }

    [Fact]
    public void A_link_to_nothing_that_is_named_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets not everybody make links.");
        var link = folder.Under("link.txt");
        File.CreateSymbolicLink(link, folder.Under("nowhere"));

        Assert.StartsWith($"The text file '{link}' cannot be read:", Error(link));
    }

    [Theory]
    [InlineData("a.ipynb", "is JSON ('.ipynb'), of which it can't be known what the text is; make a .jsonl of it")]
    [InlineData("a.GeoJSON.gz", "is JSON ('.GeoJSON'), of which")]
    [InlineData("a.tsv", "is a table ('.tsv'), whose columns tabs separate; make a .csv of it")]
    [InlineData("a.arrow", "is not text by its extension '.arrow'; give UTF-8 text, .jsonl,")]
    [InlineData("a.wat.gz", "is a web archive ('.wat'), of an old kind or of data about pages;")]
    [InlineData("a.txt.xz", "is an archive, or compressed, in a way that isn't read ('.xz'); unpack it,")]
    public void A_kind_that_is_not_read_is_refused_where_it_is_named(string name, string reason)
    {
        var path = folder.Write(name, "x");

        Assert.StartsWith($"The file '{path}' {reason}", Error(path));
    }

    [Fact]
    public void A_file_that_is_named_and_lies_in_a_folder_must_be_readable()
    {
        folder.Write("a.txt", "a");
        var latin = folder.Write("b.txt", [0xE9]);

        Assert.StartsWith($"The text file '{latin}' is not UTF-8:", Error(folder.Path, latin));
    }

    [Fact]
    public void A_folder_of_which_nothing_is_left_says_why()
    {
        folder.Write("good/a.txt", "a");
        folder.Write("kinds/a.tsv", "{}");
        folder.Write("kinds/b.tsv", "{}");
        folder.Write("kinds/.c", "c");
        folder.Write("content/a.txt", [0xE9]);

        Assert.StartsWith(
            $"No text file was found in '{folder.Under("kinds")}' (passed over: 2 .tsv, 1 hidden); name",
            Error(folder.Under("good"), folder.Under("kinds"))
        );
        Assert.StartsWith(
            $"No text file was found in '{folder.Under("content")}' (passed over: 1 not UTF-8); name",
            Error(folder.Under("good"), folder.Under("content"))
        );
    }

    [Fact]
    public void What_may_not_be_opened_is_passed_over()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Windows, and whoever may do everything, can't be kept out so.");
            return;
        }

        folder.Write("a.txt", "a");
        var file = folder.Write("b.txt", "b");
        var inner = Directory.CreateDirectory(folder.Under("c")).FullName;
        File.SetUnixFileMode(file, UnixFileMode.None);
        File.SetUnixFileMode(inner, UnixFileMode.None);
        try
        {
            var files = new TextFiles([folder.Path]);
            Assert.Equal(["a"], files.ReadDocuments().Select(Encoding.UTF8.GetString));
            Assert.Equal(["folders that can't be opened", "that can't be opened"], files.Skipped.Select(skipped => skipped.Reason));
        }
        finally
        {
            File.SetUnixFileMode(inner, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void MakePipe(string path)
    {
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
    }

    private static string Error(params string[] paths) =>
        Assert.ThrowsAny<InputException>(() => new TextFiles(paths).ReadDocuments().Count()).Message;
}
