namespace LowRank.Training.Files;

/// <summary>Asks now and then whether to stop: at every step of a tight loop it would cost more than the step.</summary>
/// <param name="cancellation">Says so.</param>
internal struct StopPace(CancellationToken cancellation)
{
    /// <summary>A few milliseconds of work at most.</summary>
    private const int Interval = 1 << 14;

    private int left = 1;

    /// <summary>One step more.</summary>
    /// <exception cref="OperationCanceledException">It is time to stop.</exception>
    public void Step()
    {
        if (--left == 0)
        {
            cancellation.ThrowIfCancellationRequested();
            left = Interval;
        }
    }
}
