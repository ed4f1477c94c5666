namespace LowRank.EndToEnd.Tests.Processes;

/// <summary>Streams that are closed, pipes that give nothing, and a limit on open files, for a program that has a trained model.</summary>
public sealed class StandardStreamTests(StandardStreamTests.TrainedModel model) : IClassFixture<StandardStreamTests.TrainedModel>
{
    [Theory]
    [InlineData("generate", "RUN", "--prompt", "-")]
    [InlineData("train", "PaperXs", "--text", "-", "--output", "unmade")]
    public void A_closed_standard_input_is_named(params string[] arguments)
    {
        var (code, _, error) = Run("exec \"$@\" 0<&-", arguments);
        Assert.Equal(2, code);
        Assert.Contains("There is no standard input to read: it is closed.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_standard_output_is_named()
    {
        var (code, _, error) = Run("exec \"$@\" 1>&-", "generate", "RUN", "--prompt", "The", "--tokens", "2");
        Assert.Equal(1, code);
        Assert.Contains("The results could not be written to standard output: it is closed.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixSignal.Terminate, 143)]
    [InlineData(UnixSignal.Interrupt, 130)]
    public void The_first_signal_ends_the_waiting_for_a_prompt_that_never_comes(int signal, int exitCode)
    {
        using var process = Start("mkfifo in; exec \"$@\" 0<>in", "generate", "RUN", "--prompt", "-");
        Assert.True(process.WaitForError("Reading the prompt from standard input."), process.Error);
        UnixSignal.Send(process.Id, signal);
        Assert.Equal(exitCode, process.WaitForExit());
        Assert.Contains("Stopping; a second Ctrl-C stops at once.", process.Error, StringComparison.Ordinal);
        Assert.EndsWith("Stopped before there was a result.\n", process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_of_prompts_is_read_and_one_without_a_writer_is_left()
    {
        var (code, output, error) = Run("mkfifo p; (echo The > p) & exec \"$@\"", "generate", "RUN", "--prompts", "p", "--tokens", "2");
        Assert.True(code == 0, error);
        Assert.StartsWith("The", output, StringComparison.Ordinal);

        using var process = Start("mkfifo q; exec \"$@\"", "generate", "RUN", "--prompts", "q");
        var pipe = model.Folder.Under("q");
        while (!File.Exists(pipe))
            await Task.Delay(20, TestContext.Current.CancellationToken);
        // Opening it to write waits for the program to open it.
        await using var writer = await Task.Run(
            () => new FileStream(pipe, FileMode.Open, FileAccess.Write),
            TestContext.Current.CancellationToken
        );
        UnixSignal.Send(process.Id, UnixSignal.Terminate);
        Assert.Equal(143, process.WaitForExit());
    }

    [Fact]
    public void A_file_of_prompts_that_is_binary_is_refused()
    {
        File.WriteAllBytes(model.Folder.Under("zeros"), new byte[100]);
        var (code, _, error) = Run("exec \"$@\"", "generate", "RUN", "--prompts", "zeros");
        Assert.Equal(2, code);
        Assert.Contains("looks", error, StringComparison.Ordinal);
        (code, _, error) = Run("exec \"$@\" < zeros", "generate", "RUN", "--prompt", "-");
        Assert.Equal(2, code);
        Assert.Contains("Standard input is no text (it looks binary)", error, StringComparison.Ordinal);
    }

    // The lowest limits are the runtime's own affair: it doesn't start. Above them the program comes some way, and says why no further.
    [Fact]
    public void Too_few_open_files_are_named_as_the_reason()
    {
        for (var limit = 40; ; limit += 10)
        {
            Assert.True(limit < 400, "No limit stopped it.");
            var (code, _, error) = Run(
                FormattableString.Invariant($"ulimit -n {limit}; exec \"$@\""),
                "generate",
                "RUN",
                "--prompt",
                "The",
                "--tokens",
                "2"
            );
            if (code == 0)
                break;
            if (code is 1 or 2)
            {
                Assert.DoesNotContain("type initializer", error, StringComparison.Ordinal);
                Assert.Contains("raise the limit ('ulimit -n' shows it", error, StringComparison.Ordinal);
            }
        }
    }

    private ExampleProcess Start(string script, params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such shell.");
        File.Delete(model.Folder.Under("in"));
        return ExampleProcess.StartByScript(
            model.Folder.Path,
            script,
            [.. arguments.Select(argument => argument == "RUN" ? model.Run : argument)]
        );
    }

    private (int Code, string Output, string Error) Run(string script, params string[] arguments)
    {
        using var process = Start(script, arguments);
        return (process.WaitForExit(), process.Output, process.Error);
    }

    /// <summary>A model of one step.</summary>
    public sealed class TrainedModel : IDisposable
    {
        public TrainedModel()
        {
            Run = Folder.Under("run");
            var (code, _, error) = ExampleProcess.Run(
                Folder.Path,
                "train",
                "PaperXs",
                "--text",
                Folder.Text,
                "--cache",
                Folder.Under("cache"),
                "--output",
                Run,
                "--steps",
                "1",
                "--batch",
                "1",
                "--micro-batch",
                "1",
                "--context",
                "32",
                "--evaluation-sequences",
                "1"
            );
            Assert.True(code == 0, error);
        }

        internal WorkFolder Folder { get; } = new();

        public string Run { get; }

        public void Dispose() => Folder.Dispose();
    }
}
