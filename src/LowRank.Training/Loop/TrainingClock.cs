using System.Diagnostics;

namespace LowRank.Training.Loop;

/// <summary>
/// The time that steps take. It runs from its creation on, and pauses for what is no training: evaluations, checkpoints, reports.
/// </summary>
internal sealed class TrainingClock
{
    private readonly Stopwatch watch = Stopwatch.StartNew();

    /// <summary>The seconds since the last reading, pauses left out.</summary>
    public double Read()
    {
        var seconds = watch.Elapsed.TotalSeconds;
        watch.Restart();
        return seconds;
    }

    /// <summary>Pauses until the result is disposed. Pauses don't nest.</summary>
    public Pausing Pause()
    {
        watch.Stop();
        return new Pausing(watch);
    }

    /// <summary>A pause.</summary>
    /// <param name="watch">Goes on at its end.</param>
    internal readonly struct Pausing(Stopwatch watch) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => watch.Start();
    }
}
