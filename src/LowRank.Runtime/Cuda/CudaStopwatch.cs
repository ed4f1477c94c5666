namespace LowRank.Cuda;

/// <summary>
/// Adds up a GPU's time for some of the work in a stream, without waiting for it. The context of the device has to be current.
/// </summary>
/// <param name="events">The driver's events.</param>
internal sealed class CudaStopwatch(CudaEvents events) : IDisposable
{
    // With so many times open, those that have ended are added up. Each is two events.
    private const int MostOpen = 64;

    private readonly List<nint> created = [];
    private readonly Stack<nint> idle = [];
    private readonly Queue<(nint First, nint Second)> open = [];
    private TimeSpan total;
    private nint first;

    /// <summary>The work begins that comes into a stream next.</summary>
    public void Start(nint stream)
    {
        if (open.Count >= MostOpen)
            AddUp();
        // Left by work that has failed.
        if (first == 0)
            first = Take();
        events.Record(first, stream);
    }

    /// <summary>The work ends that has come into the stream.</summary>
    public void Stop(nint stream)
    {
        var second = Take();
        events.Record(second, stream);
        open.Enqueue((first, second));
        first = 0;
    }

    /// <summary>The time of what the GPU has done so far.</summary>
    public TimeSpan Total()
    {
        AddUp();
        return total;
    }

    /// <summary>Gives the events back. What was added up stays.</summary>
    public void Dispose()
    {
        foreach (var happening in created)
            events.Destroy(happening);
        created.Clear();
        idle.Clear();
        open.Clear();
    }

    private nint Take()
    {
        if (idle.TryPop(out var happening))
            return happening;
        happening = events.Create(hasTime: true);
        created.Add(happening);
        return happening;
    }

    private void AddUp()
    {
        while (open.TryPeek(out var time) && events.HasHappened(time.Second))
        {
            total += events.Between(time.First, time.Second);
            idle.Push(time.First);
            idle.Push(time.Second);
            _ = open.Dequeue();
        }
    }
}
