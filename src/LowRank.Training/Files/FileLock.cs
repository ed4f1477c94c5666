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

    // One block of a file system: such a file takes up no room.
    private const int LongestMark = 4095;

    // Where locks exclude, a file that was just taken is seldom removed under its taker.
    private const int MostMarks = 20;

    private readonly FileStream file;

    private FileLock(FileStream file, bool isNew, bool excludes) => (this.file, IsNew, Excludes) = (file, isNew, excludes);

    /// <summary>Whether nobody has taken the lock before.</summary>
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
        var told = false;
        for (var marks = 1; ; )
        {
            if (TryTake(path, marks == MostMarks, out var isHeld) is { } taken)
                return taken;
            if (!isHeld)
            {
                marks++;
                continue;
            }

            if (patience != Timeout.InfiniteTimeSpan && waited.Elapsed >= patience)
                return null;
            if (!told)
                waiting?.Invoke();
            told = true;
            if (cancellation.WaitHandle.WaitOne(Pause))
                throw new OperationCanceledException(cancellation);
        }
    }

    /// <summary>Takes the lock for a moment, to look whether it is free; makes and changes nothing.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The lock; null where another has it.</returns>
    /// <exception cref="IOException">There is no such file, or it can't be opened.</exception>
    public static FileLock? Look(string path)
    {
        try
        {
            return new FileLock(Open(path, FileMode.Open), isNew: false, IsExcluded(path));
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return null;
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

    // Null where another holds the lock, and where its holder removed the file between the two steps of taking it.
    private static FileLock? TryTake(string path, bool isLastMark, out bool isHeld)
    {
        isHeld = false;
        try
        {
            var file = Open(path, FileMode.OpenOrCreate);
            try
            {
                var isNew = file.Length == 0;
                if (HasItsName(file))
                    return new FileLock(file, isNew, IsExcluded(path));
                // Others mark the file too: no lock keeps them out.
                if (isLastMark)
                    return new FileLock(file, isNew, excludes: false);
            }
            catch
            {
                file.Dispose();
                throw;
            }

            file.Dispose();
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            isHeld = true;
        }

        return null;
    }

    // A held file can be asked for by its name, but not opened: a length that its holder alone has chosen tells it from a successor.
    private static bool HasItsName(FileStream file)
    {
        file.SetLength(Random.Shared.Next(1, LongestMark + 1));
        // Windows removes no open file, and tells of its length and time when it is closed.
        if (OperatingSystem.IsWindows())
            return true;
        var named = new FileInfo(file.Name);
        return named.Exists && named.Length == file.Length && named.LastWriteTimeUtc == File.GetLastWriteTimeUtc(file.SafeFileHandle);
    }

    private static FileStream Open(string path, FileMode mode) => new(path, mode, FileAccess.ReadWrite, FileShare.None);

    private static bool IsExcluded(string path)
    {
        try
        {
            Open(path, FileMode.Open).Dispose();
            return false;
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return true;
        }
        catch (FileNotFoundException)
        {
            // Nothing keeps anybody out of a file that has lost its name.
            return false;
        }
    }

    private static bool IsHeld(IOException exception)
    {
        // ERROR_SHARING_VIOLATION on Windows, EWOULDBLOCK on Linux (11) and macOS (35).
        var code = exception.HResult & 0xFFFF;
        return OperatingSystem.IsWindows() ? code == 32 : code is 11 or 35;
    }
}
