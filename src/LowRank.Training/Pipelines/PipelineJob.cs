using System.Text.Json;
using LowRank.Training.Files;
using LowRank.Training.Filtering;

namespace LowRank.Training.Pipelines;

/// <summary>A pipeline and its output folder, begun or gone on with.</summary>
internal sealed class PipelineJob
{
    private readonly Pipeline pipeline;

    private PipelineJob(Pipeline pipeline, PipelinePlan plan)
    {
        (this.pipeline, Plan) = (pipeline, plan);
        Folder = new PipelineFolder(Path.GetFullPath(pipeline.Output));
    }

    /// <summary>The declaration with its input files.</summary>
    public PipelinePlan Plan { get; }

    /// <summary>What is written where.</summary>
    public PipelineFolder Folder { get; }

    /// <summary>Looks for the input and at the output, and writes nothing yet.</summary>
    /// <exception cref="InputException">The input is missing, or the output can't be written or lies within the input.</exception>
    public static PipelineJob Of(Pipeline pipeline, CancellationToken cancellation)
    {
        WritableFolder.Check(pipeline.Output, "The output folder");
        CheckpointPlace.Refuse(pipeline.Output, "The output folder");
        var output = Folders(pipeline.Output);
        foreach (var input in pipeline.Input.Where(Directory.Exists))
        {
            var folder = Folders(input);
            if (output.StartsWith(folder, StringComparison.Ordinal))
                throw new InputException(
                    $"The output folder '{pipeline.Output}' lies within the input '{input}', and would become input itself; choose another."
                );
        }

        var plan = PipelinePlan.Of(pipeline, cancellation);
        // Lists and models are read, and options judged, before any work.
        var words = new TextWords(pipeline.Splitter());
        foreach (var step in pipeline.Steps.OfType<FilterStep>())
            step.Create(words);
        return new PipelineJob(pipeline, plan);
    }

    // Its real path, however much of it is still missing, with a separator behind each folder.
    private static string Folders(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return Directory.Exists(full) || Path.GetDirectoryName(full) is not { } above
            ? Path.TrimEndingDirectorySeparator(RealPath.Of(full)) + Path.DirectorySeparatorChar
            : Folders(above) + Path.GetFileName(full) + Path.DirectorySeparatorChar;
    }

    /// <summary>Does a process's share of what is left.</summary>
    /// <param name="share">The share.</param>
    /// <param name="threads">How many threads it may have.</param>
    /// <param name="waits">Whether to wait for other processes.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellation">Ends the work; finished tasks stay finished.</param>
    /// <returns>What other processes have to do first; null if nothing.</returns>
    /// <exception cref="InputException">The folder was begun with another pipeline, or a named file can't be read.</exception>
    public string? Run(TaskShare share, int threads, bool waits, IProgress<string> progress, CancellationToken cancellation)
    {
        Plan.Begin(Folder.Plan);
        var run = new PipelineRun(new PipelineStages(pipeline, Plan, Folder, threads).All, Folder, share)
        {
            Threads = threads,
            Waits = waits,
            Progress = progress,
        };
        try
        {
            if (run.Run(cancellation) is { } missing)
                return missing;
        }
        catch (AggregateException exception)
        {
            // Of several tasks that failed at once the first says enough.
            throw exception.Flatten().InnerExceptions[0];
        }

        if (run.IsComplete)
        {
            Clean();
            return null;
        }

        return "the other tasks are not done";
    }

    /// <summary>What was done; everything is.</summary>
    public PipelineReport Report() => JsonSerializer.Deserialize(File.ReadAllBytes(Folder.Report), PipelineJson.Default.PipelineReport)!;

    /// <summary>Removes what is of no use once all is done, and what killed processes have left.</summary>
    private void Clean()
    {
        try
        {
            if (Directory.Exists(Folder.Work))
                Directory.Delete(Folder.Work, recursive: true);
            foreach (
                var file in Directory.EnumerateFiles(pipeline.Output, "*.tmp", SearchOption.AllDirectories).Where(AtomicFile.IsUnfinished)
            )
                File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another process does the same.
        }
    }
}
