using System.CommandLine;
using System.Reflection;
using System.Text;
using LowRank.Training.Checkpoints;
using LowRank.Training.CommandLine.Commands;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Files;
using LowRank.Training.Loop;

namespace LowRank.Training.CommandLine;

/// <summary>
/// The command line over the models that a program declares. A program needs one line for it:
/// <code>return await LowRankApp.RunAsync(args);</code>
/// </summary>
public static class LowRankApp
{
    private const string Verbose = "--verbose";
    private const string VerboseVariable = "LOWRANK_VERBOSE";

    /// <summary>Runs a command.</summary>
    /// <param name="args">The command and its options. None: the comparison that <paramref name="defaults"/> names, or the help.</param>
    /// <param name="defaults">What the program runs without arguments.</param>
    /// <returns>0, 1 after a failure, 2 for wrong input, 129, 130 or 143 when stopped by SIGHUP (a closed terminal), Ctrl-C or
    /// SIGTERM.</returns>
    public static Task<int> RunAsync(string[] args, AppDefaults? defaults = null)
    {
        AppRanks.LeaveTerminal();
        // Text comes out as UTF-8 on every system; a redirected Windows console would use its code page.
        if (OperatingSystem.IsWindows())
            Console.OutputEncoding = Encoding.UTF8;
        return RunAsync(args, defaults, StandardStreams.Output, StandardStreams.Error, StandardStreams.Input);
    }

    /// <summary>Runs a command with given streams.</summary>
    /// <param name="args">The command and its options.</param>
    /// <param name="defaults">What the program runs without arguments.</param>
    /// <param name="output">Standard output: results.</param>
    /// <param name="error">Standard error: progress and messages.</param>
    /// <param name="input">Standard input: a prompt; null for none.</param>
    /// <param name="stop">Asks for a stop, as Ctrl-C does.</param>
    /// <returns>The exit code.</returns>
    internal static Task<int> RunAsync(
        string[] args,
        AppDefaults? defaults,
        TextWriter output,
        TextWriter error,
        TextReader? input = null,
        CancellationToken stop = default
    )
    {
        ArgumentNullException.ThrowIfNull(args);
        defaults ??= new AppDefaults();
        if (args.Length == 0)
            args = defaults.Model is null ? ["--help"] : ["compare", defaults.Model];
        var console = new AppConsole(output, error, input);
        using var signals = new StopSignals(console.Error, stop);
        var app = new AppSession(console, defaults, args, signals);
        var code = Run(app);
        app.Ranks?.Dispose();
        if (console.LostResults is not { } lost)
            return Task.FromResult(code);
        app.Say($"The results could not be written to standard output: {lost.Message}");
        return Task.FromResult(code == ExitCode.Success ? ExitCode.Failure : code);
    }

    private static int Run(AppSession app)
    {
        var root = Commands(app);
        try
        {
            // A prompt may begin with @: it names no file of further arguments.
            var arguments = root.Parse(app.Arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
            // Before anything is refused: of several processes one says it.
            JoinRanks(app, arguments.CommandResult.Command);
            GivenOptions.Check(arguments);
            if (arguments.Errors.Count > 0)
                throw new InputException(WrongArguments.Describe(arguments));
            app.Verbose =
                arguments.GetValue(root.Options.OfType<Option<bool>>().Single(option => option.Name == Verbose))
                || Environment.GetEnvironmentVariable(VerboseVariable) is "1" or "true";
            return arguments.Invoke(
                new InvocationConfiguration
                {
                    Output = app.Console.Output,
                    Error = app.Console.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                }
            );
        }
        catch (Exception exception)
        {
            return Failed(app, exception);
        }
    }

    // What several processes do together, or divide by themselves; everything else one process does.
    private static void JoinRanks(AppSession app, Command command)
    {
        if (command.Name is DataCommand.Name)
            return;
        // Without a command there is the help, or what is wrong.
        var isShared = command is RootCommand || command.Name is TrainCommand.Name or CompareCommand.Name or FineTuneCommand.Name;
        try
        {
            app.Ranks = AppRanks.Find(app);
        }
        catch (InputException) when (!isShared)
        {
            return; // What works alone has nothing to do with a launcher's variables.
        }

        if (!isShared)
            app.Ranks?.Refuse(command.Name);
    }

    // Says what went wrong, in a sentence, and returns the exit code.
    internal static int Failed(AppSession app, Exception thrown)
    {
        var exception = Reason(thrown);
        var (code, message) = Describe(app, thrown, exception);
        if (app.Ranks is not null)
            return app.Ranks.Fail(code, message, exception);
        app.Say(message);
        return code;
    }

    private static (int Code, string Message) Describe(AppSession app, Exception thrown, Exception exception)
    {
        // Whoever met it took it for what was asked for, or for a fault.
        if (exception is not (TrainingDivergedException or OperationCanceledException) && SystemLimit.IsOutOfFiles(exception))
        {
            return (
                ExitCode.Failure,
                $"Too many open files: {(app.Verbose ? thrown.ToString() : FirstLine(exception)).TrimEnd('.')}. {SystemLimit.OpenFilesAdvice}"
            );
        }

        return exception switch
        {
            InputException input => (ExitCode.WrongInput, MessageLength.Limit(input.Say(FlagNames.Of))),
            TrainingDivergedException or CheckpointNotSavedException or NoSpaceException => (ExitCode.Failure, exception.Message),
            OperationCanceledException when app.Stop.IsCancellationRequested => (
                app.Signals.ExitCodeWhenStopped,
                "Stopped before there was a result."
            ),
            // A disk or a folder that fails names itself: where the program was means nothing to anybody.
            IOException or UnauthorizedAccessException when !app.Verbose => (
                ExitCode.Failure,
                SystemLimit.IsFull(exception)
                    ? $"{FirstLine(exception).TrimEnd('.')}. Make room there and start again."
                    : FirstLine(exception)
            ),
            _ => (ExitCode.Failure, app.Verbose ? thrown.ToString() : $"{FirstLine(exception)} (--verbose shows where.)"),
        };
    }

    // The runtime says where it was, and within that what is the matter.
    private static Exception Reason(Exception exception)
    {
        while (
            exception is TypeInitializationException or TargetInvocationException or AggregateException { InnerExceptions.Count: 1 }
            && exception.InnerException is { } inner
        )
        {
            exception = inner;
        }

        return exception;
    }

    /// <summary>Every command.</summary>
    internal static RootCommand Commands(AppSession app)
    {
        var verbose = new Option<bool>(Verbose)
        {
            Description = "Show where a failure came from, and name what a folder of text holds that was passed over.",
            Recursive = true,
        };
        return new RootCommand("Trains, compares and runs the low-rank transformers that this program declares.")
        {
            ListCommand.Create(app),
            DescribeCommand.Create(app),
            DescribeIntoCommand.Create(),
            ExploreCommand.Create(app),
            DataCommand.Create(app),
            TrainCommand.Create(app),
            CompareCommand.Create(app),
            ExperimentCommand.Create(app),
            ExperimentRunCommand.Create(app),
            FineTuneCommand.Create(app),
            EvaluateCommand.Create(app),
            GenerateCommand.Create(app),
            ImportCommand.Create(app),
            ExportCommand.Create(app),
            verbose,
        };
    }

    // libtorch appends its whole call stack to its messages.
    private static string FirstLine(Exception exception) =>
        TemporaryNames.RemoveFrom(exception.Message.ReplaceLineEndings("\n").Split('\n')[0]);
}
