using System.Diagnostics;

namespace LowRank.Training.Files;

/// <summary>
/// A file that one process, and one thread in it, holds at a time. The system releases it when the process ends, however it ends. The
/// file stays: removing it would let one process lock the removed file and another its successor. One who made it and then did nothing
/// with it removes it all the same; who gets a lock looks whether the file still has its name.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly FileStream file;

    private FileLock(FileStream file, bool isNew)
    {
        this.file = file;
        IsNew = isNew;
        Excludes = IsExcluded(file.Name);
    }

    /// <summary>Whether taking the lock made its file.</summary>
    public bool IsNew { get; }

    /// <summary>Whether the file system keeps others out. Where it knows no locks, everybody gets one.</summary>
    public bool Excludes { get; }

    /// <summary>Takes the lock, or waits for it.</summary>
    /// <param name="path">The file; made when missing.</param>
    /// <param name="patience">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="waiting">Is called once when there is something to wait for.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The lock; null where another still has it.</returns>
    public static FileLock? Acquire(string path, TimeSpan patience, Action? waiting, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        for (var first = true; ; first = false)
        {
            try
            {
                var isNew = !File.Exists(path);
                var held = new FileLock(Open(path), isNew);
                if (held.Excludes || !first)
                    return held;
                // Perhaps its holder removed the file between the two steps of taking it.
                held.Dispose();
            }
            catch (IOException exception) when (IsHeld(exception))
            {
                if (patience != Timeout.InfiniteTimeSpan && waited.Elapsed >= patience)
                    return null;
                if (first)
                    waiting?.Invoke();
                if (cancellation.WaitHandle.WaitOne(Pause))
                    throw new OperationCanceledException(cancellation);
            }
        }
    }

    public void Dispose() => file.Dispose();

    /// <summary>Releases the lock and removes its file, where nothing has come of what it was taken for.</summary>
    public void Remove()
    {
        try
        {
            // Windows removes no open file, and none that another has opened since.
            if (OperatingSystem.IsWindows())
                file.Dispose();
            File.Delete(file.Name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another process has it by now.
        }

        file.Dispose();
    }

    private static FileStream Open(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static bool IsExcluded(string path)
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
        var code = exception.HResult & 0xFFFF;
        return OperatingSystem.IsWindows() ? code == 32 : code is 11 or 35;
    }
}
