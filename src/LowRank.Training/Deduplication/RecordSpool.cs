namespace LowRank.Training.Deduplication;

/// <summary>
/// Gathers records in sections and writes each section sorted. Up to a limit they wait in memory; what exceeds it waits in sorted files.
/// </summary>
internal sealed class RecordSpool : IDisposable
{
    private readonly string path;
    private readonly TaskScratch scratch;
    private readonly int wordsPerRecord;
    private readonly SearchLimits limits;
    private readonly ulong[][] sections;
    private readonly int[] filled;
    private readonly RecordSorter sorter;
    private readonly List<string> runs = [];
    private long waiting;

    /// <param name="path">The file that it will write.</param>
    /// <param name="scratch">Where it and sorted files lie until then; belongs to the spool from now on.</param>
    /// <param name="sections">Number of sections.</param>
    /// <param name="wordsPerRecord">64-bit words of a record.</param>
    /// <param name="limits">How much waits in memory, and how many files are open at a time.</param>
    public RecordSpool(string path, TaskScratch scratch, int sections, int wordsPerRecord, SearchLimits limits)
    {
        (this.path, this.scratch, this.wordsPerRecord, this.limits) = (path, scratch, wordsPerRecord, limits);
        this.sections = new ulong[sections][];
        Array.Fill(this.sections, []);
        filled = new int[sections];
        sorter = new RecordSorter(wordsPerRecord);
    }

    /// <summary>Adds a record.</summary>
    /// <param name="section">Where it belongs.</param>
    /// <param name="key">All its words but the last.</param>
    /// <param name="last">Its last word.</param>
    public void Add(int section, ReadOnlySpan<ulong> key, ulong last)
    {
        var start = filled[section];
        if (start + wordsPerRecord > sections[section].Length)
            Array.Resize(
                ref sections[section],
                Math.Max(1024, sections[section].Length * 3 / 2) / wordsPerRecord * wordsPerRecord + wordsPerRecord
            );
        var record = sections[section].AsSpan(start, wordsPerRecord);
        key.CopyTo(record);
        record[^1] = last;
        filled[section] += wordsPerRecord;
        waiting += wordsPerRecord;
        if (waiting >= limits.WordsInMemory)
            Spill();
    }

    /// <summary>Writes the file.</summary>
    /// <param name="cancellation">Abandons it; nothing is written then.</param>
    public void Complete(CancellationToken cancellation)
    {
        if (runs.Count == 0)
        {
            using var whole = new RecordFileWriter(scratch.NewFile(), wordsPerRecord);
            WriteWaiting(whole);
            cancellation.ThrowIfCancellationRequested();
            whole.CompleteAs(path);
            return;
        }

        if (waiting > 0)
            Spill();
        var merge = new RecordMerge(wordsPerRecord, limits.OpenFiles, scratch);
        using var merged = new RecordFileWriter(scratch.NewFile(), wordsPerRecord);
        for (var section = 0; section < sections.Length; section++)
        {
            var sources = runs.Select(run => new RecordSource(run, section)).ToList();
            merge.Merge(sources, sections.Length, merged.Write, cancellation);
            merged.EndSection();
        }

        merged.CompleteAs(path);
    }

    /// <inheritdoc/>
    public void Dispose() => scratch.Dispose();

    private void Spill()
    {
        var run = scratch.NewFile();
        using var writer = new RecordFileWriter(run, wordsPerRecord);
        WriteWaiting(writer);
        writer.Complete();
        runs.Add(run);
        waiting = 0;
    }

    private void WriteWaiting(RecordFileWriter destination)
    {
        for (var section = 0; section < sections.Length; section++)
        {
            sorter.Write(sections[section].AsMemory(0, filled[section]), destination);
            destination.EndSection();
            filled[section] = 0;
        }
    }
}
