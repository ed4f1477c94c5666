using System.Globalization;
using static TorchSharp.torch;

namespace LowRank.Training.Distributed;

/// <summary>The processes that train one model together, as one of them sees it.</summary>
/// <param name="Collectives">Their collective operations.</param>
internal sealed record ProcessGroup(ICollectives Collectives) : IDisposable
{
    // Ranks start together; what comes later than that has not started at all.
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromMinutes(2);

    // What else is to be closed, such as the MPI over which the ranks of another engine have met.
    private MpiCollectives? meeting;

    /// <summary>This process, from 0.</summary>
    public int Rank => Collectives.Rank;

    /// <summary>Number of processes.</summary>
    public int World => Collectives.World;

    /// <summary>Whether this process speaks and saves for all.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>What has started the processes; null in a group made by hand.</summary>
    public Launcher? Launcher { get; private init; }

    /// <summary>How failures are told; null in a group made by hand.</summary>
    public ControlChannel? Channel { get; private init; }

    /// <summary>Canceled once a rank has failed or died.</summary>
    public CancellationToken Broken => Channel?.Broken ?? CancellationToken.None;

    /// <summary>Which one, and how; null while all are well.</summary>
    public RankFailure? Failure => Channel?.Failure;

    /// <summary>Who trains together, in the words of a first line: <c>4 ranks of mpirun, 2 of them here; Open MPI 4.1.4</c>.</summary>
    public string Description =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{World} ranks{(Launcher is { } launcher ? $" of {launcher.Program}, {(launcher.LocalWorld == World ? "all" : $"{launcher.LocalWorld} of them")} here" : "")}; {Collectives.Engine}"
        );

    /// <summary>Joins the other ranks.</summary>
    /// <param name="launcher">What has started this process, with others.</param>
    /// <param name="device">Where this rank computes.</param>
    /// <param name="variable">An environment variable's value.</param>
    /// <param name="accelerated">Makes the engine of a device other than the CPU, over the channel.</param>
    /// <param name="patience">How long is waited for ranks that don't come; two minutes if not given.</param>
    /// <exception cref="InputException">The engine is missing or isn't the launcher's, or a rank didn't come.</exception>
    /// <exception cref="RankFailedException">A rank has failed meanwhile.</exception>
    public static ProcessGroup Join(
        Launcher launcher,
        Device device,
        Func<string, string?> variable,
        Func<ControlChannel, ICollectives>? accelerated = null,
        TimeSpan? patience = null
    )
    {
        var limit = patience ?? DefaultPatience;
        var onCpu = device.type == TorchSharp.DeviceType.CPU;
        if (launcher.Kind == LauncherKind.Torchrun && onCpu)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"torchrun has started {launcher.World} processes, which talk over NCCL on GPUs alone; on the CPU they talk over MPI: start them with mpirun -n {launcher.World}."
                )
            );
        }

        // Where MPI starts the processes, they meet over it.
        var overMpi = onCpu || launcher.Kind is LauncherKind.OpenMpi or LauncherKind.Mpich;
        var mpi = overMpi ? new MpiCollectives(launcher, variable) : null;
        var channel = Meet(launcher, mpi, limit);
        mpi?.Watch(channel);
        try
        {
            var engine = onCpu ? mpi! : accelerated!(channel);
            return new ProcessGroup(engine)
            {
                Launcher = launcher,
                Channel = channel,
                meeting = onCpu ? null : mpi,
            };
        }
        catch (Exception error) when (error is not RankFailedException)
        {
            // As the command line ends: what the user gave, or something else.
            _ = channel.Fail(error is InputException ? 2 : 1, error.Message);
            throw;
        }
    }

    /// <summary>
    /// Lets all ranks know that this one ends the job. What fails on one rank alone has to be said before <see cref="Dispose"/>, which
    /// otherwise waits for ranks that go on.
    /// </summary>
    /// <param name="exitCode">The exit code with which it ends.</param>
    /// <param name="message">Why, in sentences for the user.</param>
    /// <returns>The failure that all hear of: this one, or an earlier one.</returns>
    public RankFailure Fail(int exitCode, string message) =>
        Channel?.Fail(exitCode, message) ?? new RankFailure(Rank, Environment.MachineName, exitCode, message);

    /// <summary>Leaves the group, as all ranks do at their end. After a failure nothing is waited for.</summary>
    public void Dispose()
    {
        Collectives.Dispose();
        meeting?.Dispose();
        Channel?.Dispose();
    }

    private static ControlChannel Meet(Launcher launcher, MpiCollectives? mpi, TimeSpan patience)
    {
        var isLocal = launcher.LocalWorld == launcher.World;
        var host = Environment.MachineName;
        var place = mpi is null ? Rendezvous.Of(launcher) : null;
        if (launcher.Rank > 0)
        {
            place ??= Rendezvous.From(mpi!.BroadcastBytes(null, Rendezvous.Bytes, root: 0));
            return ControlChannel.Come(place, launcher.Rank, launcher.World, host, patience);
        }

        if (place is not null)
            return ControlChannel.Lead(place.OpenHere(isLocal), place.Key, launcher.World, host, patience);
        var (own, door) = Rendezvous.Open(isLocal);
        _ = mpi!.BroadcastBytes(own.ToBytes(), Rendezvous.Bytes, root: 0);
        return ControlChannel.Lead(door, own.Key, launcher.World, host, patience);
    }
}
