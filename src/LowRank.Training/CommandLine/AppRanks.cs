using System.Globalization;
using System.Text;
using LowRank.Training.Distributed;
using LowRank.Training.Files;
using static TorchSharp.torch;

namespace LowRank.Training.CommandLine;

/// <summary>
/// The program as one of several processes that a launcher has started to train together. The first one alone says, writes and saves
/// anything; what ends one of them ends all, with one message.
/// </summary>
internal sealed class AppRanks : IDisposable
{
    // What has gone wrong on all ranks alike rank 0 says, and the launcher ends the others; what has on one alone, nobody else says.
    private static readonly TimeSpan OthersSay = TimeSpan.FromSeconds(3);

    // Time for a process that is at something else to come to an end by itself when another has failed.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly AppSession app;
    private readonly Launcher launcher;
    private CancellationTokenRegistration watch;
    private string? output;

    private AppRanks(AppSession app, Launcher launcher) => (this.app, this.launcher) = (app, launcher);

    /// <summary>Whether this process speaks and writes for all.</summary>
    public bool IsFirst => launcher.Rank == 0;

    /// <summary>Whether the launcher has started all processes anew after a failure: then the run goes on.</summary>
    public bool IsRestarted => launcher.Restarts > 0;

    /// <summary>The group, once it is joined.</summary>
    public ProcessGroup? Group { get; private set; }

    /// <summary>How the launcher is called for as many processes, such as <c>mpirun -n 4</c>; empty where that takes more to say.</summary>
    public string Prefix =>
        launcher.Kind == LauncherKind.Torchrun
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{launcher.Program} -n {launcher.World} ");

    /// <summary>
    /// Open MPI gives its processes a terminal that is none: what the console would send it to begin with ends in the log. Comes before the
    /// console is used.
    /// </summary>
    public static void LeaveTerminal()
    {
        if (Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_RANK") is not null)
            Environment.SetEnvironmentVariable("TERM", "dumb");
    }

    /// <summary>What the launcher says; null for a process alone, or a launcher's only one. Silences all but the first.</summary>
    /// <exception cref="InputException">A launcher's variables are incomplete.</exception>
    public static AppRanks? Find(AppSession app)
    {
        if (Launcher.Find(Environment.GetEnvironmentVariable) is not { HasOthers: true } launcher)
            return null;
        var ranks = new AppRanks(app, launcher);
        if (!ranks.IsFirst)
            app.Console.Silence();
        return ranks;
    }

    /// <summary>Refuses a command that works in one process.</summary>
    /// <exception cref="InputException">Always.</exception>
    public void Refuse(string command) =>
        throw new InputException(
            $"{command} works in one process, and {launcher.Program} has started {Number(launcher.World)}; start it without {launcher.Program}."
        );

    /// <summary>Chooses this rank's device and threads, before libtorch looks for devices.</summary>
    /// <param name="device">The device that is asked for.</param>
    /// <param name="threads">The number of threads that is asked for; null for this rank's share of the cores.</param>
    /// <exception cref="InputException">There are fewer GPUs than ranks, or the ranks would share one.</exception>
    public void Place(string device, long? threads)
    {
        var name = device.ToLowerInvariant();
        if (name.StartsWith("cuda:", StringComparison.Ordinal))
            throw new InputException(
                $"--device {device} names one GPU for all {Number(launcher.World)} processes; give --device cuda, by which each takes its own."
            );
        if (name == "cuda")
            LocalGpu.Apply(launcher.LocalRank, launcher.LocalWorld);
        // Loads libtorch.
        if (threads is null)
            set_num_threads(Math.Clamp(MachineCores.Count() / launcher.LocalWorld, 1, Environment.ProcessorCount));
    }

    /// <summary>Joins the others and says so.</summary>
    /// <param name="device">Where this rank computes.</param>
    /// <exception cref="InputException">There is no engine for that, or a rank didn't come.</exception>
    /// <exception cref="RankFailedException">A rank has failed meanwhile.</exception>
    public void Join(Device device)
    {
        Group = ProcessGroup.Join(launcher, device, Environment.GetEnvironmentVariable, channel => NcclCollectives.Join(channel, device));
        app.Say($"{Group.Description}.");
        watch = Group.Broken.Register(() => _ = Task.Delay(Grace).ContinueWith(_ => EndNow(), TaskScheduler.Default));
    }

    /// <summary>A text that the first rank chooses for all.</summary>
    public string Agree(Func<string> choose) =>
        Encoding.UTF8.GetString(Group!.Collectives.BroadcastBytes(IsFirst ? Encoding.UTF8.GetBytes(choose()) : null, root: 0));

    /// <summary>Takes up the folder from whose checkpoints a run that fails can go on.</summary>
    public void Saves(string folder) => output = folder;

    /// <summary>Ends all ranks for what has ended this one, and says it where this is the process to do so.</summary>
    /// <param name="exitCode">The exit code that it asks for.</param>
    /// <param name="message">What has happened.</param>
    /// <param name="exception">How it was thrown.</param>
    /// <returns>The exit code.</returns>
    public int Fail(int exitCode, string message, Exception exception)
    {
        if (Group is null)
        {
            // Nobody can be told. The launcher ends all when one has ended.
            if (!IsFirst && !app.Stop.WaitHandle.WaitOne(OthersSay))
                app.Console.Speak($"Rank {Number(launcher.Rank)} on {Environment.MachineName}: {message}");
            else
                app.Say(message);
            return exitCode;
        }

        if (exception is RankFailedException { Failure: var theirs })
            return Say(theirs);
        var first = Group.Fail(exitCode, message);
        // What all ranks have found out, none of them is to blame for.
        return Say(first.Message == message ? first with { Rank = 0 } : first);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        watch.Dispose();
        Group?.Dispose();
    }

    private int Say(RankFailure failure)
    {
        var message = failure.Rank == 0 && failure.Message is { } own ? own : failure.ToString();
        if (failure.Message is null)
            message += Newest();
        // One that died can't say it.
        if (IsFirst || (failure is { Rank: 0, Message: null } && launcher.Rank == 1))
            app.Console.Speak(message);
        return failure.ExitCode ?? ExitCode.Failure;
    }

    private void EndNow()
    {
        if (Group?.Failure is { } failure)
            Environment.Exit(Say(failure));
    }

    private string Newest()
    {
        if (output is null)
            return "";
        // Another machine than the first rank's may have no such folder, or one of its own.
        var saved = new Checkpoints.CheckpointFolder(output).Lasting().FirstOrDefault();
        return saved is null
            ? (IsFirst ? " No checkpoint had been saved; start the run again." : "")
            : $" The newest checkpoint is that of step {Number(RunFiles.StepOf(saved))}. To go on:{Environment.NewLine}{ResumeCommand.For(app, output)}";
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
