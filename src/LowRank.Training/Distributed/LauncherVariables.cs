namespace LowRank.Training.Distributed;

/// <summary>The variables in which a launcher tells a process who it is.</summary>
/// <param name="Kind">The launcher.</param>
/// <param name="Program">The program that the user calls.</param>
/// <param name="Rank">The process among all.</param>
/// <param name="World">Number of processes.</param>
/// <param name="LocalRank">The process among those of its machine.</param>
/// <param name="LocalWorld">Number of processes of its machine.</param>
internal sealed record LauncherVariables(LauncherKind Kind, string Program, string Rank, string World, string LocalRank, string LocalWorld)
{
    // Set by torchrun itself, never by those who imitate it or by what a shell exports.
    private const string TorchrunMark = "TORCHELASTIC_RUN_ID";

    private static readonly LauncherVariables OpenMpi = new(
        LauncherKind.OpenMpi,
        "mpirun",
        "OMPI_COMM_WORLD_RANK",
        "OMPI_COMM_WORLD_SIZE",
        "OMPI_COMM_WORLD_LOCAL_RANK",
        "OMPI_COMM_WORLD_LOCAL_SIZE"
    );

    private static readonly LauncherVariables Mpich = new(
        LauncherKind.Mpich,
        "mpiexec",
        "PMI_RANK",
        "PMI_SIZE",
        "MPI_LOCALRANKID",
        "MPI_LOCALNRANKS"
    );

    private static readonly LauncherVariables Torchrun = new(
        LauncherKind.Torchrun,
        "torchrun",
        "RANK",
        "WORLD_SIZE",
        "LOCAL_RANK",
        "LOCAL_WORLD_SIZE"
    );

    // The number of tasks is that of the step: the script of a job with eight tasks is one process.
    private static readonly LauncherVariables Slurm = new(
        LauncherKind.Slurm,
        "srun",
        "SLURM_PROCID",
        "SLURM_STEP_NUM_TASKS",
        "SLURM_LOCALID",
        "SLURM_STEP_TASKS_PER_NODE"
    );

    /// <summary>
    /// The launchers, the innermost first: mpirun may run within a step of Slurm's, and torchrun within either, once per machine.
    /// </summary>
    public static IReadOnlyList<LauncherVariables> From(Func<string, string?> variable) =>
        variable(TorchrunMark) is null ? [OpenMpi, Mpich, Torchrun, Slurm] : [Torchrun, OpenMpi, Mpich, Slurm];

    /// <summary>All four.</summary>
    public IReadOnlyList<string> Names => [Rank, World, LocalRank, LocalWorld];

    /// <summary>
    /// Whether the launcher has said something, if not everything. Every script within a job of Slurm's has some of its variables.
    /// </summary>
    public bool IsThere(Func<string, string?> variable) =>
        Kind == LauncherKind.Slurm ? variable(World) is not null : Names.Any(name => variable(name) is not null);
}
