using System.Diagnostics;
using System.Globalization;
using LowRank.Training.Files;

namespace LowRank.Training.Pipelines;

/// <summary>
/// Does a process's share of a pipeline's stages. A finished task has a marker, so that any mixture of processes, kills and restarts does
/// each task once, and ends with the same files.
/// </summary>
/// <param name="stages">The stages in their order.</param>
/// <param name="folder">Where the markers lie.</param>
/// <param name="share">Which tasks are this process's.</param>
internal sealed class PipelineRun(IReadOnlyList<Stage> stages, PipelineFolder folder, TaskShare share)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>How many tasks are done at once.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Whether to wait for tasks of other processes.</summary>
    public bool Waits { get; init; }

    /// <summary>Told what is being done.</summary>
    public IProgress<string>? Progress { get; init; }

    /// <summary>Does what can be done.</summary>
    /// <returns>What has to be done first by other processes; null if nothing.</returns>
    public string? Run(CancellationToken cancellation)
    {
        try
        {
            return RunStages(cancellation);
        }
        catch (Exception exception) when (IsComplete && exception is not OperationCanceledException)
        {
            // Another process has finished the last stage meanwhile, and removed what this one was about to read.
            return null;
        }
    }

    /// <summary>
    /// Whether nothing is left of any stage, for whichever process: the last stage is a single task, and needs all others.
    /// </summary>
    public bool IsComplete => File.Exists(folder.Done(stages[^1].Name, 0));

    private string? RunStages(CancellationToken cancellation)
    {
        Stage? before = null;
        foreach (var stage in stages)
        {
            if (before is not null && Left(before).Count is > 0 and var missing)
            {
                var what =
                    $"'{stage.Name}' waits for {missing.ToString(CultureInfo.InvariantCulture)} of {Tasks(before.Tasks)} of '{before.Name}'";
                if (!Waits)
                    return what;
                Progress?.Report(what);
                while (Left(before).Count > 0)
                {
                    if (cancellation.WaitHandle.WaitOne(Pause))
                        throw new OperationCanceledException(cancellation);
                }
            }

            int[] left = [.. Left(stage).Where(share.Has)];
            if (left.Length > 0)
                Do(stage, left, cancellation);
            before = stage;
        }

        return null;
    }

    private void Do(Stage stage, int[] tasks, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder.Unfinished);
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Lock(stage.Name, 0))!);
        Progress?.Report($"{stage.Name}: {Tasks(tasks.Length)}");
        var done = 0;
        var said = Stopwatch.StartNew();
        Parallel.ForEach(
            tasks,
            new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = cancellation },
            task =>
            {
                // Two processes may have been told the same; the second finds it done.
                using var held = FileLock.Acquire(folder.Lock(stage.Name, task), Timeout.InfiniteTimeSpan, null, cancellation)!;
                var marker = folder.Done(stage.Name, task);
                if (!File.Exists(marker))
                    AtomicFile.Write(marker, stage.Run(task, cancellation).Span);
                var count = Interlocked.Increment(ref done);
                lock (said)
                {
                    if (tasks.Length == 1 || (count < tasks.Length && said.Elapsed < Silence))
                        return;
                    said.Restart();
                }

                Progress?.Report($"{stage.Name}: {count.ToString(CultureInfo.InvariantCulture)} of {Tasks(tasks.Length)} done");
            }
        );
    }

    private static string Tasks(int count) => count == 1 ? "1 task" : $"{count.ToString(CultureInfo.InvariantCulture)} tasks";

    private List<int> Left(Stage stage)
    {
        // How many tasks there are may be known only by files that go when all is done.
        if (IsComplete)
            return [];
        var markers = folder.Done(stage.Name);
        HashSet<string> done = Directory.Exists(markers)
            ? [.. Directory.EnumerateFiles(markers, "*.json").Select(file => Path.GetFileName(file)!)]
            : [];
        return [.. Enumerable.Range(0, stage.Tasks).Where(task => !done.Contains(Path.GetFileName(folder.Done(stage.Name, task))))];
    }
}
