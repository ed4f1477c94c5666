namespace LowRank.Training.Data;

/// <summary>
/// Lets one process at a time prepare the same data. The system releases it when the process ends, however it ends. Where a file system
/// knows no locks two processes may both do the work; the cache stays whole all the same.
/// </summary>
internal sealed class CacheLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly FileStream file;

    private CacheLock(FileStream file) => this.file = file;

    /// <summary>Waits until no other process or thread holds the lock.</summary>
    public static CacheLock Acquire(string path, IProgress<string>? progress, CancellationToken cancellation)
    {
        for (bool waiting = false; ; waiting = true)
        {
            try
            {
                return new CacheLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException exception) when (IsHeld(exception))
            {
                if (!waiting)
                {
                    progress?.Report("Waiting for another run that prepares the same text");
                }

                if (cancellation.WaitHandle.WaitOne(Pause))
                {
                    throw new OperationCanceledException(cancellation);
                }
            }
        }
    }

    public void Dispose() => file.Dispose();

    private static bool IsHeld(IOException exception)
    {
        // ERROR_SHARING_VIOLATION on Windows, EWOULDBLOCK on Linux (11) and macOS (35).
        int code = exception.HResult & 0xFFFF;
        return OperatingSystem.IsWindows() ? code == 32 : code is 11 or 35;
    }
}
