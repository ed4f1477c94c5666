using LowRank.Training.Distributed;

namespace LowRank.Training.Tests.Distributed;

public sealed class LauncherTests
{
    private const string OpenMpi =
        "OMPI_COMM_WORLD_RANK=5 OMPI_COMM_WORLD_SIZE=8 OMPI_COMM_WORLD_LOCAL_RANK=1 OMPI_COMM_WORLD_LOCAL_SIZE=4";

    private const string Mpich = "PMI_RANK=2 PMI_SIZE=3 MPI_LOCALRANKID=0 MPI_LOCALNRANKS=1";

    private const string Torchrun = "RANK=3 WORLD_SIZE=4 LOCAL_RANK=1 LOCAL_WORLD_SIZE=2";

    private const string Slurm = "SLURM_PROCID=6 SLURM_STEP_NUM_TASKS=9 SLURM_LOCALID=2 SLURM_NODEID=1 SLURM_STEP_TASKS_PER_NODE=4(x2),1";

    [Theory]
    [InlineData(OpenMpi, "mpirun", 5, 8, 1, 4)]
    [InlineData(Mpich, "mpiexec", 2, 3, 0, 1)]
    [InlineData(Torchrun, "torchrun", 3, 4, 1, 2)]
    [InlineData(Slurm, "srun", 6, 9, 2, 4)]
    // mpirun within a step of Slurm's, torchrun within either; what a shell has exported counts less than what mpirun says.
    [InlineData($"{OpenMpi} {Slurm}", "mpirun", 5, 8, 1, 4)]
    [InlineData($"{Torchrun} TORCHELASTIC_RUN_ID=none {OpenMpi} {Slurm}", "torchrun", 3, 4, 1, 2)]
    [InlineData($"{Torchrun} {OpenMpi}", "mpirun", 5, 8, 1, 4)]
    // srun --mpi=pmi2 sets two of MPICH's variables.
    [InlineData($"{Slurm} PMI_RANK=6 PMI_SIZE=9", "srun", 6, 9, 2, 4)]
    public void The_environment_says_who_a_process_is(string variables, string program, int rank, int world, int localRank, int localWorld)
    {
        var found = Launcher.Find(Variables.Of(variables))!;
        Assert.Equal(
            (program, rank, world, localRank, localWorld),
            (found.Program, found.Rank, found.World, found.LocalRank, found.LocalWorld)
        );
        Assert.True(found.HasOthers);
    }

    [Theory]
    [InlineData("")]
    // The script of a job, which is one process whatever the job has.
    [InlineData("SLURM_PROCID=0 SLURM_LOCALID=0 SLURM_NODEID=0 SLURM_NTASKS=8 SLURM_JOB_ID=12")]
    public void Without_a_launcher_there_is_one_process(string variables) => Assert.Null(Launcher.Find(Variables.Of(variables)));

    [Fact]
    public void One_process_is_no_group() =>
        Assert.False(Launcher.Find(Variables.Of("RANK=0 WORLD_SIZE=1 LOCAL_RANK=0 LOCAL_WORLD_SIZE=1"))!.HasOthers);

    [Theory]
    [InlineData("RANK=3 WORLD_SIZE=4", "LOCAL_RANK, LOCAL_WORLD_SIZE are missing beside RANK, WORLD_SIZE", "start with torchrun")]
    [InlineData("LOCAL_RANK=0", "RANK, WORLD_SIZE, LOCAL_WORLD_SIZE are missing beside LOCAL_RANK", "or unset")]
    [InlineData(
        "OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_LOCAL_RANK=1",
        "OMPI_COMM_WORLD_LOCAL_SIZE is missing",
        "start with mpirun"
    )]
    [InlineData("PMI_RANK=0 PMI_SIZE=3", "MPI_LOCALRANKID, MPI_LOCALNRANKS are missing", "start with mpiexec")]
    [InlineData("SLURM_PROCID=5 SLURM_STEP_NUM_TASKS=8", "SLURM_LOCALID, SLURM_STEP_TASKS_PER_NODE are missing", "start with srun")]
    [InlineData("RANK=4 WORLD_SIZE=4 LOCAL_RANK=1 LOCAL_WORLD_SIZE=2", "RANK=4, WORLD_SIZE=4", "contradict")]
    [InlineData("RANK=3 WORLD_SIZE=4 LOCAL_RANK=2 LOCAL_WORLD_SIZE=2", "LOCAL_RANK=2", "contradict")]
    [InlineData("RANK=3 WORLD_SIZE=4 LOCAL_RANK=1 LOCAL_WORLD_SIZE=5", "LOCAL_WORLD_SIZE=5", "contradict")]
    [InlineData("RANK=-1 WORLD_SIZE=4 LOCAL_RANK=1 LOCAL_WORLD_SIZE=2", "RANK is '-1'", "not a number")]
    [InlineData("RANK=three WORLD_SIZE=4 LOCAL_RANK=1 LOCAL_WORLD_SIZE=2", "RANK is 'three'", "unset RANK, WORLD_SIZE")]
    [InlineData(
        "SLURM_PROCID=5 SLURM_STEP_NUM_TASKS=8 SLURM_LOCALID=0 SLURM_NODEID=3 SLURM_STEP_TASKS_PER_NODE=4(x2)",
        "SLURM_STEP_TASKS_PER_NODE is '4(x2)' and SLURM_NODEID 3",
        "srun"
    )]
    public void Incomplete_and_contradicting_variables_are_refused(string variables, string what, string how)
    {
        var message = Assert.Throws<InputException>(() => Launcher.Find(Variables.Of(variables))).Message;
        Assert.Contains(what, message);
        Assert.Contains(how, message);
    }

    [Theory]
    [InlineData($"{Torchrun} MASTER_ADDR=10.0.0.1 MASTER_PORT=29500", "10.0.0.1", 29500)]
    [InlineData($"{Torchrun} MASTER_ADDR=10.0.0.1", null, null)]
    [InlineData($"{Torchrun} MASTER_ADDR=10.0.0.1 MASTER_PORT=70000", null, null)]
    [InlineData($"{Slurm} SLURM_STEP_NODELIST=gpu[007-009,12],x SLURM_JOB_ID=1230042", "gpu007", 15042)]
    [InlineData($"{Slurm} SLURM_STEP_NODELIST=a,b[1-2] SLURM_JOB_ID=7", "a", 15007)]
    [InlineData($"{Slurm} SLURM_STEP_NODELIST=a SLURM_JOB_ID=7 MASTER_ADDR=b MASTER_PORT=9", "b", 9)]
    public void Where_rank_0_is_may_be_said_too(string variables, string? host, int? port)
    {
        var meeting = Launcher.Find(Variables.Of(variables))!.Meeting;
        Assert.Equal((host, port), (meeting?.Host, meeting?.Port));
    }

    [Fact]
    public void Torchrun_says_how_often_it_has_started_anew()
    {
        Assert.Equal(2, Launcher.Find(Variables.Of($"{Torchrun} TORCHELASTIC_RESTART_COUNT=2"))!.Restarts);
        Assert.Equal(0, Launcher.Find(Variables.Of($"{OpenMpi} TORCHELASTIC_RESTART_COUNT=2"))!.Restarts);
    }

    [Fact]
    public void Jobs_have_different_marks_and_the_ranks_of_one_the_same()
    {
        string Mark(string variables) => Launcher.Find(Variables.Of(variables))!.JobMark;
        var first = Mark($"{Torchrun} TORCHELASTIC_RUN_ID=a MASTER_PORT=1");
        Assert.Equal(first, Mark("RANK=0 WORLD_SIZE=4 LOCAL_RANK=0 LOCAL_WORLD_SIZE=2 GROUP_RANK=0 TORCHELASTIC_RUN_ID=a MASTER_PORT=1"));
        Assert.NotEqual(first, Mark($"{Torchrun} TORCHELASTIC_RUN_ID=b MASTER_PORT=1"));
        Assert.NotEqual(first, Mark($"{Torchrun} TORCHELASTIC_RUN_ID=a MASTER_PORT=2"));
    }
}
