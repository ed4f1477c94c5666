using System.Diagnostics;
using System.Globalization;

namespace LowRank.Training.Files;

/// <summary>
/// Keeps a run's folder to one process. The system's lock on a file excludes others and is gone with the process, even a killed one; a
/// second file, which can be read meanwhile, says who holds it. On file systems that know no locks, or whose locks may not reach other
/// machines, that second file decides: a process of this machine counts while it runs, one of another machine while it gives signs of
/// life. There two processes that start within the same moment can both get the folder.
/// </summary>
internal sealed class RunLock : IDisposable
{
    /// <summary>The locked file in the run's folder.</summary>
    public const string Name = "run.lock";

    /// <summary>The file that says who holds it.</summary>
    public const string HolderName = "run.lock.json";

    private static readonly TimeSpan SignEvery = TimeSpan.FromSeconds(20);

    // Six signs missed.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    // Others look whether a folder is free, for an instant each: who means to keep it says so within this time.
    private static readonly TimeSpan SaysWho = TimeSpan.FromSeconds(1);

    private const int LongestPauseMs = 50;

    // A refused run takes away the folder that it made, perhaps from under another that found it.
    private const int MostFolders = 20;

    private readonly FileLock held;
    private readonly MadeFolders made;
    private readonly string folder;
    private readonly string holderPath;
    private readonly byte[] description;
    private readonly Timer signs;

    private RunLock(string folder, FileLock held, MadeFolders made)
    {
        (this.folder, this.held, this.made) = (folder, held, made);
        holderPath = Path.GetFullPath(Path.Combine(folder, HolderName));
        description = LockHolder.Current().ToJson();
        AtomicFile.Write(holderPath, description);
        signs = new Timer(_ => GiveSign(), null, SignEvery, SignEvery);
    }

    /// <summary>Takes a folder, which is made when it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="patience">How long to wait for a process that holds it.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="InputException">Another process holds it, or it can't be written.</exception>
    /// <exception cref="NoSpaceException">There is no room to say who holds it.</exception>
    public static RunLock Acquire(string folder, TimeSpan patience = default, CancellationToken stop = default)
    {
        try
        {
            for (var folders = 1; ; folders++)
            {
                var made = MadeFolders.Make(folder);
                FileLock? file = null;
                try
                {
                    var path = Path.Combine(folder, Name);
                    file = Take(folder, patience, () => FileLock.Acquire(path, patience, null, stop));
                    RefuseHolderBeyondLock(folder, file);
                    return new RunLock(folder, file, made);
                }
                catch (DirectoryNotFoundException) when (folders < MostFolders)
                {
                    Release(folder, file, made);
                }
                catch
                {
                    Release(folder, file, made);
                    throw;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SystemLimit.Refusal($"The folder '{folder}' can't be taken for a run", exception, "choose another");
        }
    }

    /// <summary>Refuses a folder that another process holds, before long work; makes and changes nothing.</summary>
    /// <exception cref="InputException">Another process holds it.</exception>
    public static void RefuseIfHeld(string folder)
    {
        try
        {
            var path = Path.Combine(folder, Name);
            using var file = Take(folder, TimeSpan.Zero, () => FileLock.Look(path));
            RefuseHolderBeyondLock(folder, file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Nobody has begun there.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SystemLimit.Refusal($"The folder '{folder}' can't be taken for a run", exception, "choose another");
        }
    }

    public void Dispose()
    {
        signs.Dispose();
        try
        {
            File.Delete(holderPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody reads it. The released lock says that it means nothing any more.
        }

        Release(folder, held, made);
    }

    // A run that was refused has written nothing, and leaves nothing that it made.
    private static void Release(string folder, FileLock? file, MadeFolders made)
    {
        if (file is { IsNew: true, Excludes: true } && HoldsLockAlone(folder))
            file.Remove();
        file?.Dispose();
        made.RemoveEmpty();
    }

    private static bool HoldsLockAlone(string folder)
    {
        try
        {
            return WritableFolder.Entries(folder).All(entry => Path.GetFileName(entry) == Name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // A holder that the lock which was just taken doesn't speak of: it may have none, or one that isn't seen here.
    private static void RefuseHolderBeyondLock(string folder, FileLock taken)
    {
        var path = Path.Combine(folder, HolderName);
        if (LockHolder.Read(path) is not { } holder)
            return;
        if (holder.IsHere)
        {
            if (!taken.Excludes && holder.IsRunning)
                throw Refusal(folder, holder);
        }
        else if (!(taken.Excludes && IsOfThisMachine(folder)) && SinceSign(path) is var silent && silent < Silence)
        {
            throw Refusal(
                folder,
                holder,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $" Its last sign of life is {Math.Max(0, silent.TotalSeconds):0} seconds old; should it be dead, the folder is free after {Silence.TotalSeconds:0}."
                )
            );
        }
    }

    private static bool IsOfThisMachine(string folder) =>
        new DriveInfo(Path.GetFullPath(folder)).DriveType is not (DriveType.Network or DriveType.Unknown or DriveType.NoRootDirectory);

    // By the file system's clock alone: machines' clocks differ.
    private static TimeSpan SinceSign(string path)
    {
        var probe = AtomicFile.UnfinishedName(path);
        try
        {
            File.WriteAllBytes(probe, "now"u8);
            return File.GetLastWriteTimeUtc(probe) - File.GetLastWriteTimeUtc(path);
        }
        finally
        {
            File.Delete(probe);
        }
    }

    private static FileLock Take(string folder, TimeSpan patience, Func<FileLock?> take)
    {
        var path = Path.Combine(folder, HolderName);
        for (var waited = Stopwatch.StartNew(); ; Thread.Sleep(Random.Shared.Next(1, LongestPauseMs)))
        {
            if (take() is { } file)
                return file;
            var holder = LockHolder.Read(path);
            if (holder is { IsHere: false } or { IsRunning: true } || waited.Elapsed >= patience + SaysWho)
                throw Refusal(folder, holder);
        }
    }

    private static InputException Refusal(string folder, LockHolder? holder, string further = "") =>
        new(
            $"'{folder}' is in use by {holder?.ToString() ?? "another process"}; wait until that has ended, or choose another folder.{further}"
        );

    private void GiveSign()
    {
        try
        {
            using var stream = new FileStream(holderPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            stream.Write(description);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next sign may get through. A run doesn't end for it, since the lock still holds.
        }
    }
}
