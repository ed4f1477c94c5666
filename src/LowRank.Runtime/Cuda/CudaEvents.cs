namespace LowRank.Cuda;

/// <summary>
/// Streams and events of the CUDA driver: queues of work of one's own, the order between them, and when work ends. The context of the
/// device has to be current. Not run on a GPU yet.
/// </summary>
internal sealed unsafe class CudaEvents
{
    // CU_STREAM_NON_BLOCKING: the default stream, on which libtorch computes, neither waits for it nor is waited for.
    private const uint NonBlocking = 1;

    // CU_EVENT_DISABLE_TIMING.
    private const uint WithoutTime = 2;

    // CUDA_ERROR_NOT_READY.
    private const int NotReady = 600;

    private readonly CudaDriver driver;
    private readonly delegate* unmanaged<nint*, uint, int> streamCreate;
    private readonly delegate* unmanaged<nint, int> streamDestroy;
    private readonly delegate* unmanaged<nint, nint, uint, int> streamWaitEvent;
    private readonly delegate* unmanaged<nint*, uint, int> eventCreate;
    private readonly delegate* unmanaged<nint, int> eventDestroy;
    private readonly delegate* unmanaged<nint, nint, int> eventRecord;
    private readonly delegate* unmanaged<nint, int> eventQuery;
    private readonly delegate* unmanaged<float*, nint, nint, int> eventElapsedTime;

    /// <exception cref="NotSupportedException">A function is missing.</exception>
    public CudaEvents(CudaDriver driver, SharedLibrary library)
    {
        this.driver = driver;
        streamCreate = (delegate* unmanaged<nint*, uint, int>)library.Function("cuStreamCreate");
        streamDestroy = (delegate* unmanaged<nint, int>)library.Function("cuStreamDestroy_v2");
        streamWaitEvent = (delegate* unmanaged<nint, nint, uint, int>)library.Function("cuStreamWaitEvent");
        eventCreate = (delegate* unmanaged<nint*, uint, int>)library.Function("cuEventCreate");
        eventDestroy = (delegate* unmanaged<nint, int>)library.Function("cuEventDestroy_v2");
        eventRecord = (delegate* unmanaged<nint, nint, int>)library.Function("cuEventRecord");
        eventQuery = (delegate* unmanaged<nint, int>)library.Function("cuEventQuery");
        eventElapsedTime = (delegate* unmanaged<float*, nint, nint, int>)library.Function("cuEventElapsedTime");
    }

    /// <summary>A stream that runs beside the default one.</summary>
    public nint CreateStream()
    {
        nint stream;
        driver.Check(streamCreate(&stream, NonBlocking), "cuStreamCreate");
        return stream;
    }

    /// <summary>Gives a stream back; what is in it is still done.</summary>
    public void DestroyStream(nint stream) => driver.Check(streamDestroy(stream), "cuStreamDestroy");

    /// <summary>An event.</summary>
    /// <param name="hasTime">Whether it knows when it happened, which costs a little.</param>
    public nint Create(bool hasTime)
    {
        nint created;
        driver.Check(eventCreate(&created, hasTime ? 0 : WithoutTime), "cuEventCreate");
        return created;
    }

    /// <summary>Gives an event back.</summary>
    public void Destroy(nint happening) => driver.Check(eventDestroy(happening), "cuEventDestroy");

    /// <summary>Lets an event happen when all that is in a stream now is done. What it stood for before is forgotten.</summary>
    public void Record(nint happening, nint stream) => driver.Check(eventRecord(happening, stream), "cuEventRecord");

    /// <summary>
    /// Lets what comes into a stream from now on wait until an event has happened, as it was recorded last; the host goes on at once.
    /// </summary>
    public void Wait(nint stream, nint happening) => driver.Check(streamWaitEvent(stream, happening, 0), "cuStreamWaitEvent");

    /// <summary>Whether an event has happened, without waiting.</summary>
    public bool HasHappened(nint happening)
    {
        var result = eventQuery(happening);
        if (result == NotReady)
            return false;
        driver.Check(result, "cuEventQuery");
        return true;
    }

    /// <summary>The time between two events that have time and have happened.</summary>
    public TimeSpan Between(nint first, nint second)
    {
        float milliseconds;
        driver.Check(eventElapsedTime(&milliseconds, first, second), "cuEventElapsedTime");
        return TimeSpan.FromMilliseconds(milliseconds);
    }
}
