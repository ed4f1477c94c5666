using LowRank.Training.Pipelines;

namespace LowRank.Training.Tests.Pipelines;

public sealed class TaskShareTests
{
    [Theory]
    [InlineData("", null, null, null)]
    [InlineData("OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_SIZE=4", null, 2, 4)]
    [InlineData("PMI_RANK=0 PMI_SIZE=3", null, 0, 3)]
    [InlineData("RANK=1 WORLD_SIZE=2", null, 1, 2)]
    [InlineData("SLURM_PROCID=5 SLURM_STEP_NUM_TASKS=8", null, 5, 8)]
    // The script of a job, which is one process whatever the job has.
    [InlineData("SLURM_PROCID=0 SLURM_NTASKS=8", null, null, null)]
    // mpirun within a job of Slurm's.
    [InlineData("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=1", null, 1, 2)]
    [InlineData("SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_COUNT=10", null, 7, 10)]
    [InlineData("SLURM_ARRAY_TASK_ID=10 SLURM_ARRAY_TASK_COUNT=10 SLURM_ARRAY_TASK_MIN=1", null, 9, 10)]
    [InlineData("SLURM_ARRAY_TASK_ID=14 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=10 SLURM_ARRAY_TASK_STEP=2", null, 2, 3)]
    [InlineData("SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_COUNT=3 SLURM_PROCID=1 SLURM_STEP_NUM_TASKS=4", null, 9, 12)]
    [InlineData("JOB_COMPLETION_INDEX=3", 5, 3, 5)]
    [InlineData("JOB_COMPLETION_INDEX=3", null, null, null)]
    public void The_launcher_says_which_part_a_process_does(string variables, int? given, int? task, int? tasks)
    {
        var found = TaskShare.FromLauncher(Variables(variables), given);
        Assert.Equal(task, found?.Share.Task);
        Assert.Equal(tasks, found?.Share.Tasks);
    }

    [Theory]
    [InlineData("RANK=2 WORLD_SIZE=2")]
    [InlineData("SLURM_ARRAY_TASK_ID=10 SLURM_ARRAY_TASK_COUNT=10")]
    [InlineData("SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=5")]
    public void A_task_beyond_the_last_is_refused(string variables) =>
        Assert.Contains("counted from 0", Assert.Throws<InputException>(() => TaskShare.FromLauncher(Variables(variables), null)).Message);

    [Fact]
    public void Every_task_belongs_to_exactly_one_process()
    {
        for (var processes = 1; processes <= 9; processes++)
        {
            for (var task = 0; task < 30; task++)
                Assert.Single(Enumerable.Range(0, processes), process => new TaskShare(process, processes).Has(task));
        }
    }

    private static Func<string, string?> Variables(string text)
    {
        var all = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(one => one.Split('='))
            .ToDictionary(one => one[0], one => one[1]);
        return name => all.GetValueOrDefault(name);
    }
}
