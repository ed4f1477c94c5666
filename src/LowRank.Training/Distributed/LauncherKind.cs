namespace LowRank.Training.Distributed;

/// <summary>What starts the processes that train together.</summary>
internal enum LauncherKind
{
    /// <summary>Open MPI's <c>mpirun</c>.</summary>
    OpenMpi,

    /// <summary>The <c>mpiexec</c> of MPICH and of what descends from it: Intel's, MVAPICH, Microsoft's.</summary>
    Mpich,

    /// <summary>PyTorch's <c>torchrun</c>, or something else that sets its variables.</summary>
    Torchrun,

    /// <summary>A step of Slurm's, started by <c>srun</c>.</summary>
    Slurm,
}
