using System.Diagnostics;
using LowRank.Training.Files;
using LowRank.Training.Runs;
using LowRank.Training.Wording;

namespace LowRank.Training.Checkpoints;

/// <summary>
/// Saves a run's checkpoints where a disk may be full or a folder not writable: in the course of the run that is said and the run goes
/// on; at its end it is tried again until it works, time is up or somebody gives it up. Older checkpoints stay as they are.
/// </summary>
/// <param name="output">The run's folder.</param>
/// <param name="observer">Is told.</param>
internal sealed class CheckpointSaving(string output, ITrainingObserver observer)
{
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(10);

    private readonly CheckpointFolder folder = new(output);

    /// <summary>How long the end of a run tries; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>Time between two tries.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Free bytes where the checkpoints go; null where nobody knows.</summary>
    public required Func<string, long?> Free { get; init; }

    /// <summary>Compares what the run will write with what is free, before anything is trained.</summary>
    /// <param name="bytes">Size of a checkpoint.</param>
    /// <returns>What to warn of where there is room for one but not for all; else null.</returns>
    /// <exception cref="NoSpaceException">There is no room for a single checkpoint.</exception>
    public string? CheckRoom(long bytes)
    {
        if (Free(output) is not { } free)
            return null;
        if (free < bytes)
            throw new NoSpaceException($"{Shortage(bytes, free)} Make room there, or choose another folder for the run.", cause: null);
        // The kept ones, and the next beside them while it is written.
        var all = bytes * (CheckpointFolder.Kept + 1 - Math.Min(CheckpointFolder.Kept, folder.Lasting().Count()));
        return free >= all
            ? null
            : $"The disk of '{output}' has {Quantity.Bytes(free)} free, and the run's checkpoints need {Quantity.Bytes(all)}; make room there while it trains.";
    }

    /// <summary>Keeps damaged checkpoints as <see cref="CheckpointFolder.Spare"/> does.</summary>
    public void Spare(IEnumerable<string> damaged) => folder.Spare(damaged);

    /// <summary>Saves in the course of a run.</summary>
    /// <param name="step">Steps taken.</param>
    /// <param name="bytes">Size of the checkpoint.</param>
    /// <param name="write">Writes the files into a folder and returns the description.</param>
    /// <returns>The checkpoint's folder, or null where it could not be saved.</returns>
    public string? Try(long step, long bytes, Func<string, CheckpointInfo> write)
    {
        if (Attempt(step, bytes, write, out var path) is not { } failure)
            return path;
        observer.Warned($"Step {step} could not be saved: {failure.Message} The run goes on and saves its next checkpoint; {Saved()}.");
        return null;
    }

    /// <summary>Saves at the end of a run, or when it was stopped.</summary>
    /// <param name="step">Steps taken.</param>
    /// <param name="bytes">Size of the checkpoint.</param>
    /// <param name="write">Writes the files into a folder and returns the description.</param>
    /// <param name="stop">Gives it up, unless it was what ended the run.</param>
    /// <returns>The checkpoint's folder.</returns>
    /// <exception cref="CheckpointNotSavedException">It could not be saved in time.</exception>
    public string Insist(long step, long bytes, Func<string, CheckpointInfo> write, CancellationToken stop)
    {
        var wasStopped = stop.IsCancellationRequested;
        var waited = Stopwatch.StartNew();
        TimeSpan? said = null;
        while (true)
        {
            if (Attempt(step, bytes, write, out var path) is not { } failure)
                return path!;
            var isOver = Patience != Timeout.InfiniteTimeSpan && waited.Elapsed >= Patience;
            if (isOver || (!wasStopped && stop.IsCancellationRequested))
                throw new CheckpointNotSavedException(
                    $"Step {step} could not be saved and is lost: {failure.Message} {Sentence(Saved())}.",
                    step,
                    failure
                );
            if (said is null || waited.Elapsed - said >= Reminder)
            {
                said = waited.Elapsed;
                observer.Warned(
                    $"Step {step}, the last one, could not be saved: {failure.Message} Make room there: it is tried again every "
                        + $"{Quantity.Duration(Interval.TotalSeconds)}{(Patience == Timeout.InfiniteTimeSpan ? "" : $" for {Quantity.Duration(Patience.TotalSeconds)}")}, and Ctrl-C gives it up; {Saved()}."
                );
            }

            if (wasStopped)
                Thread.Sleep(Interval);
            else
                stop.WaitHandle.WaitOne(Interval);
        }
    }

    private IOException? Attempt(long step, long bytes, Func<string, CheckpointInfo> write, out string? path)
    {
        path = null;
        try
        {
            // Rather than filling the disk to its last byte for nothing.
            if (Free(output) is { } free && free < bytes)
                return new IOException(Shortage(bytes, free));
            path = folder.Write(step, write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new IOException(
                $"{TemporaryNames.RemoveFrom(exception.Message).TrimEnd('.')}; a checkpoint of this run needs {Quantity.Bytes(bytes)} in '{output}'.",
                exception
            );
        }

        observer.CheckpointSaved(step, path);
        return null;
    }

    private string Saved() =>
        folder.Lasting().FirstOrDefault() is { } newest
            ? $"the newest saved one is that of step {RunFiles.StepOf(newest)}, from which the run goes on when it is resumed"
            : "none has been saved before";

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private string Shortage(long bytes, long free) =>
        $"The disk of '{output}' has {Quantity.Bytes(free)} free, and a checkpoint of this run needs {Quantity.Bytes(bytes)}.";
}
