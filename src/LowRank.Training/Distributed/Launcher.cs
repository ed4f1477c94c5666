using System.Globalization;

namespace LowRank.Training.Distributed;

/// <summary>What the launcher of this process says of it. All of it comes from one launcher, or nothing does.</summary>
/// <param name="Kind">The launcher.</param>
/// <param name="Program">The program that the user calls, such as <c>mpirun</c>.</param>
/// <param name="Rank">This process among all, from 0.</param>
/// <param name="World">Number of processes.</param>
/// <param name="LocalRank">This process among those of its machine, from 0.</param>
/// <param name="LocalWorld">Number of processes of its machine.</param>
internal sealed record Launcher(LauncherKind Kind, string Program, int Rank, int World, int LocalRank, int LocalWorld)
{
    // Below the ports that systems give out by themselves.
    private const int FirstSlurmPort = 15_000;
    private const int SlurmPorts = 10_000;

    /// <summary>Whether there are other processes: a single one needs no engine and no group.</summary>
    public bool HasOthers => World > 1;

    /// <summary>How often the launcher has started all processes anew after a failure, which only torchrun says.</summary>
    public int Restarts { get; private init; }

    /// <summary>
    /// The machine of rank 0, and a port near which it may listen: <c>MASTER_ADDR</c> and <c>MASTER_PORT</c>; in a step of Slurm's the
    /// first
    /// machine and a port made of the job's number. Null where nothing is said.
    /// </summary>
    public (string Host, int Port)? Meeting { get; private init; }

    /// <summary>
    /// Text that the processes of one job share and other jobs don't. No secret: who knows the job's settings knows it.
    /// </summary>
    public string JobMark { get; private init; } = "";

    /// <summary>Asks the environment.</summary>
    /// <param name="variable">An environment variable's value.</param>
    /// <returns>Null where no launcher has started this process.</returns>
    /// <exception cref="InputException">A launcher's variables are incomplete, or contradict each other.</exception>
    public static Launcher? Find(Func<string, string?> variable)
    {
        var all = LauncherVariables.From(variable);
        if (all.FirstOrDefault(one => one.Names.All(name => variable(name) is not null)) is { } whole)
            return Read(whole, variable);
        return all.FirstOrDefault(one => one.IsThere(variable)) is { } partial ? throw Incomplete(partial, variable) : null;
    }

    /// <summary>Rank and number of processes alone, for work that is divided by them and needs nothing else.</summary>
    /// <param name="variable">An environment variable's value.</param>
    /// <returns>Also the variables' names; null where no launcher says both.</returns>
    public static (int Rank, int World, string Source)? Place(Func<string, string?> variable)
    {
        foreach (var one in LauncherVariables.From(variable))
        {
            if (Number(variable(one.Rank)) is { } rank && Number(variable(one.World)) is { } world)
                return (rank, world, $"{one.Rank} and {one.World}");
        }

        return null;
    }

    private static Launcher Read(LauncherVariables names, Func<string, string?> variable)
    {
        int Needed(string name) =>
            Number(variable(name))
            ?? throw new InputException($"{name} is '{variable(name)}', not a number from 0. {Advice(names, "has set it")}");
        var (rank, world, localRank) = (Needed(names.Rank), Needed(names.World), Needed(names.LocalRank));
        var localWorld = names.Kind == LauncherKind.Slurm ? OfNode(names, variable, Needed("SLURM_NODEID")) : Needed(names.LocalWorld);
        if (rank >= world || localRank >= localWorld || localWorld > world)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{names.Rank}={rank}, {names.World}={world}, {names.LocalRank}={localRank} and {names.LocalWorld}={variable(names.LocalWorld)} contradict each other: this is process {rank} of {world}, and on its machine {localRank} of {localWorld}, counted from 0. {Advice(names, "has set them")}"
                )
            );
        }

        return new Launcher(names.Kind, names.Program, rank, world, localRank, localWorld)
        {
            Restarts = names.Kind == LauncherKind.Torchrun ? Number(variable("TORCHELASTIC_RESTART_COUNT")) ?? 0 : 0,
            Meeting = MeetingPoint(names.Kind, variable),
            JobMark = string.Join(
                '\n',
                names.Program,
                variable("TORCHELASTIC_RUN_ID"),
                variable("TORCHELASTIC_RESTART_COUNT"),
                variable("MASTER_ADDR"),
                variable("MASTER_PORT"),
                variable("SLURM_JOB_ID"),
                variable("SLURM_STEP_ID"),
                world.ToString(CultureInfo.InvariantCulture)
            ),
        };
    }

    private static (string Host, int Port)? MeetingPoint(LauncherKind kind, Func<string, string?> variable)
    {
        if (variable("MASTER_ADDR") is { Length: > 0 } host && Port(variable("MASTER_PORT")) is { } port)
            return (host, port);
        return
            kind == LauncherKind.Slurm
            && SlurmText.FirstHost(variable("SLURM_STEP_NODELIST") ?? "") is { } first
            && Number(variable("SLURM_JOB_ID")) is { } job
            ? (first, FirstSlurmPort + (job % SlurmPorts))
            : null;
    }

    private static int OfNode(LauncherVariables names, Func<string, string?> variable, int node) =>
        SlurmText.TasksOfNode(variable(names.LocalWorld)!, node)
        ?? throw new InputException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{names.LocalWorld} is '{variable(names.LocalWorld)}' and SLURM_NODEID {node}: that doesn't say how many tasks this machine has. {Advice(names, "has set them")}"
            )
        );

    private static InputException Incomplete(LauncherVariables names, Func<string, string?> variable)
    {
        var missing = names.Names.Where(name => variable(name) is null).ToList();
        var given = names.Names.Except(missing);
        return new InputException(
            $"{string.Join(", ", missing)} {(missing.Count == 1 ? "is" : "are")} missing beside {string.Join(", ", given)}. {Advice(names, "sets all of them")}"
        );
    }

    // Who has one process sets none of them; who wants several has the launcher do it.
    private static string Advice(LauncherVariables names, string does) =>
        $"{names.Program} {does}, unless something else did; start with {names.Program}, or unset {string.Join(", ", names.Names)} to train in one process.";

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static int? Port(string? text) => Number(text) is > 0 and <= ushort.MaxValue and var port ? port : null;
}
