namespace LowRank.Training.Data;

/// <summary>
/// Lets one process at a time prepare the same data. The system releases it when the process ends, however it ends. Where a file system
/// knows no locks two processes may both do the work; the cache stays whole all the same.
/// </summary>
internal sealed class CacheLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly FileStream file;

    private CacheLock(FileStream file)
    {
        this.file = file;
        Excludes = Excluded(file.Name);
    }

    /// <summary>Whether the file system keeps others out, so that what lies about under the lock's name is nobody's.</summary>
    public bool Excludes { get; }

    /// <summary>Waits until no other process or thread holds the lock.</summary>
    public static CacheLock Acquire(string path, IProgress<string>? progress, CancellationToken cancellation)
    {
        for (bool waiting = false; ; waiting = true)
        {
            try
            {
                return new CacheLock(Open(path));
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

    private static FileStream Open(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static bool Excluded(string path)
    {
        try
        {
            Open(path).Dispose();
            return false;
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return true;
        }
    }

    private static bool IsHeld(IOException exception)
    {
        // ERROR_SHARING_VIOLATION on Windows, EWOULDBLOCK on Linux (11) and macOS (35).
        int code = exception.HResult & 0xFFFF;
        return OperatingSystem.IsWindows() ? code == 32 : code is 11 or 35;
    }
}
