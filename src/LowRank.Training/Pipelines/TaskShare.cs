using System.Globalization;
using LowRank.Training.Distributed;

namespace LowRank.Training.Pipelines;

/// <summary>Which part of each grid of tasks a process does: those whose number leaves this remainder.</summary>
/// <param name="Task">This process, from 0.</param>
/// <param name="Tasks">How many processes share the work.</param>
internal sealed record TaskShare(int Task, int Tasks)
{
    /// <summary>Everything.</summary>
    public static TaskShare All { get; } = new(0, 1);

    /// <summary>Whether a task of a grid is this process's.</summary>
    public bool Has(int task) => task % Tasks == Task;

    /// <summary>
    /// What the launcher of the process says: MPI, torchrun, a step of Slurm's, an array of Slurm's (also one whose jobs have several
    /// tasks), or an indexed job of Kubernetes', which doesn't say how many there are.
    /// </summary>
    /// <param name="variable">An environment variable's value.</param>
    /// <param name="tasks">How many there are, where that is given; null where not.</param>
    /// <returns>The share and where it comes from; null where nothing is said.</returns>
    /// <exception cref="InputException">The variables contradict each other.</exception>
    public static (TaskShare Share, string Source)? FromLauncher(Func<string, string?> variable, int? tasks)
    {
        int? Number(string name) =>
            int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

        (TaskShare Share, string Source)? inner = Launcher.Place(variable) is var (rank, world, source)
            ? (Checked(rank, world, source), source)
            : null;

        if (Number("SLURM_ARRAY_TASK_ID") is { } id && Number("SLURM_ARRAY_TASK_COUNT") is { } length)
        {
            const string Source = "SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT";
            var job = (id - (Number("SLURM_ARRAY_TASK_MIN") ?? 0)) / Math.Max(1, Number("SLURM_ARRAY_TASK_STEP") ?? 1);
            var array = Checked(job, length, Source);
            return inner is { } step
                ? (
                    new TaskShare((array.Task * step.Share.Tasks) + step.Share.Task, array.Tasks * step.Share.Tasks),
                    $"{Source}, {step.Source}"
                )
                : (array, Source);
        }

        if (inner is null && tasks is { } given && Number("JOB_COMPLETION_INDEX") is { } index)
            return (Checked(index, given, "JOB_COMPLETION_INDEX and --tasks"), "JOB_COMPLETION_INDEX and --tasks");
        return inner;
    }

    private static TaskShare Checked(int task, int tasks, string source) =>
        task >= 0 && task < tasks
            ? new TaskShare(task, tasks)
            : throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{source} say task {task} of {tasks}, and tasks are counted from 0; say which part this process does with --task and --tasks."
                )
            );
}
