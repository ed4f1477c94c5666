using System.Threading.Channels;

namespace LowRank.Training.CommandLine.Watching;

/// <summary>Tells when sources are saved.</summary>
internal sealed class SourceWatch : IDisposable
{
    // An editor writes, renames and sets attributes; several files are saved at once.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    private readonly Channel<string> saves = Channel.CreateUnbounded<string>();
    private readonly Dictionary<string, FileSystemWatcher> watchers = new(StringComparer.Ordinal);

    /// <summary>Watches these folders, and all below them, too.</summary>
    public void Follow(IEnumerable<string> folders)
    {
        foreach (var folder in folders.Where(Directory.Exists))
        {
            if (!watchers.ContainsKey(folder))
                watchers.Add(folder, Watch(folder));
        }
    }

    /// <summary>Waits for a save, and until nothing more is saved.</summary>
    /// <returns>The saved files, each once.</returns>
    public Task<IReadOnlyList<string>> WaitAsync(CancellationToken stop) => WaitAsync(saves.Reader, Quiet, stop);

    /// <summary>Waits for what is written, and until nothing has been for a while.</summary>
    /// <param name="source">What is written.</param>
    /// <param name="quiet">The while.</param>
    /// <param name="stop">Ends the waiting.</param>
    internal static async Task<IReadOnlyList<string>> WaitAsync(ChannelReader<string> source, TimeSpan quiet, CancellationToken stop)
    {
        var files = new HashSet<string>(StringComparer.Ordinal) { await source.ReadAsync(stop) };
        while (true)
        {
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(stop);
            pause.CancelAfter(quiet);
            try
            {
                files.Add(await source.ReadAsync(pause.Token));
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                return [.. files];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var watcher in watchers.Values)
            watcher.Dispose();
    }

    private FileSystemWatcher Watch(string folder)
    {
        var watcher = new FileSystemWatcher(folder)
        {
            IncludeSubdirectories = true,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.DirectoryName,
        };
        watcher.Changed += (_, change) => Note(change.FullPath);
        watcher.Created += (_, change) => Note(change.FullPath);
        watcher.Deleted += (_, change) => Note(change.FullPath);
        watcher.Renamed += (_, change) =>
        {
            Note(change.OldFullPath);
            Note(change.FullPath);
        };
        // More has happened than could be told: anything may have been saved.
        watcher.Error += (_, _) => saves.Writer.TryWrite(folder);
        watcher.EnableRaisingEvents = true;
        return watcher;

        void Note(string path)
        {
            if (SourceFiles.Has(folder, path))
                saves.Writer.TryWrite(path);
        }
    }
}
