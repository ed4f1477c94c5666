using LowRank.Training.CommandLine;
using LowRank.Training.Data;
using LowRank.Training.Files;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>
/// What a failure says and with which exit code it ends: 2 for what was asked for wrongly, 1 for what the system has no more of.
/// </summary>
public sealed class FailureTests
{
    private const int NoSpace = 28;
    private const int TooManyFiles = 24;

    [Fact]
    public void A_full_disk_is_no_wrong_input_whatever_was_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other numbers.");
        var full = SystemLimit.Refusal(
            $"'x' cannot be written",
            new IOException("No space left on device : 'x'", NoSpace),
            "name another folder"
        );
        Assert.Equal(
            "'x' cannot be written: No space left on device : 'x'. Make room there, or name another folder.",
            Assert.IsType<NoSpaceException>(full).Message
        );
        Assert.Equal((ExitCode.Failure, full.Message), Failed(full));
        var denied = SystemLimit.Refusal(
            $"'x' cannot be written",
            new UnauthorizedAccessException("Access to the path 'x' is denied."),
            "name another folder"
        );
        Assert.Equal(
            "'x' cannot be written: Access to the path 'x' is denied. Name another folder.",
            Assert.IsType<InputException>(denied).Message
        );
        Assert.Equal((ExitCode.WrongInput, denied.Message), Failed(denied));
        Assert.Equal(
            (ExitCode.Failure, "No space left on device : 'x'. Make room there and start again."),
            Failed(new IOException("No space left on device : 'x'", NoSpace))
        );
    }

    [Fact]
    public void The_reason_stands_in_the_place_of_what_the_runtime_wraps_it_in()
    {
        Assert.Equal(
            (ExitCode.Failure, "Torn. (--verbose shows where.)"),
            Failed(new TypeInitializationException("Some.Type", new InvalidOperationException("Torn.")))
        );
        Assert.Equal(
            (ExitCode.WrongInput, "Wrong."),
            Failed(new AggregateException(new TypeInitializationException("Some.Type", new InputException("Wrong."))))
        );
    }

    [Fact]
    public void The_limit_on_open_files_is_named_also_where_a_file_seems_to_be_the_reason()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such limit.");
        foreach (
            var exception in new Exception[]
            {
                new TypeInitializationException("Some.Type", new IOException("Too many open files : 'x'", TooManyFiles)),
                new InputException(
                    "The tokenizer 'x' cannot be read: Too many open files : 'x' Give the path of a Hugging Face tokenizer.json."
                ),
            }
        )
        {
            var (code, said) = Failed(exception);
            Assert.Equal(ExitCode.Failure, code);
            Assert.Contains("raise the limit ('ulimit -n' shows it", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Text_that_could_not_be_prepared_leaves_no_lock()
    {
        using var folder = new TemporaryFolder();
        var text = Path.Combine(folder.Path, "text.txt");
        File.WriteAllText(text, "One document alone.");
        var cache = Path.Combine(folder.Path, "cache");
        Assert.Throws<InputException>(() =>
            TokenDataset.Prepare(
                new CorpusOptions
                {
                    TextPaths = [text],
                    Vocabulary = 300,
                    CacheDirectory = cache,
                }
            )
        );
        Assert.Empty(Directory.GetFileSystemEntries(cache));
    }

    private static (int Code, string Said) Failed(Exception exception)
    {
        using var error = new StringWriter();
        using var signals = new StopSignals(error, CancellationToken.None);
        var code = LowRankApp.Failed(
            new AppSession(new AppConsole(TextWriter.Null, error, null), new AppDefaults(), [], signals),
            exception
        );
        return (code, error.ToString().TrimEnd());
    }
}
