using LowRank.Training.Files;

namespace LowRank.Training.Deduplication;

/// <summary>Takes records.</summary>
/// <param name="record">Valid until it returns.</param>
internal delegate void RecordSink(ReadOnlySpan<ulong> record);

/// <summary>Merges sorted sections of files into one ascending stream; too many to be open at a time, in several passes.</summary>
/// <param name="wordsPerRecord">64-bit words of a record.</param>
/// <param name="openFiles">Most files that are open at a time; two or more.</param>
/// <param name="scratch">Where what is merged in between lies.</param>
internal sealed class RecordMerge(int wordsPerRecord, int openFiles, TaskScratch scratch)
{
    /// <summary>Merges.</summary>
    /// <param name="sources">Sorted sections.</param>
    /// <param name="sections">Sections that each of their files must have.</param>
    /// <param name="sink">Is given all records in ascending order.</param>
    /// <param name="cancellation">Abandons it.</param>
    /// <exception cref="InputException">A file is missing or damaged.</exception>
    public void Merge(IReadOnlyList<RecordSource> sources, int sections, RecordSink sink, CancellationToken cancellation)
    {
        var isFirst = true;
        while (sources.Count > openFiles)
        {
            var merged = new List<RecordSource>();
            foreach (var group in sources.Chunk(openFiles))
            {
                merged.Add(MergeToFile(group, sections, cancellation));
                if (!isFirst)
                    Delete(group);
            }

            (sources, sections, isFirst) = (merged, 1, false);
        }

        MergeAtOnce(sources, sections, sink, cancellation);
        if (!isFirst)
            Delete(sources);
    }

    private RecordSource MergeToFile(RecordSource[] sources, int sections, CancellationToken cancellation)
    {
        var path = scratch.NewFile();
        using var writer = new RecordFileWriter(path, wordsPerRecord);
        MergeAtOnce(sources, sections, writer.Write, cancellation);
        writer.EndSection();
        writer.Complete();
        return new RecordSource(path, 0);
    }

    private void MergeAtOnce(IReadOnlyList<RecordSource> sources, int sections, RecordSink sink, CancellationToken cancellation)
    {
        var readers = new List<RecordReader>();
        try
        {
            foreach (var source in sources)
            {
                cancellation.ThrowIfCancellationRequested();
                readers.Add(new RecordReader(source, wordsPerRecord, sections));
            }

            var pace = new StopPace(cancellation);
            var tree = new LoserTree([.. readers]);
            while (tree.Winner is { } winner)
            {
                pace.Step();
                sink(winner.Current);
                tree.Advance();
            }
        }
        finally
        {
            foreach (var reader in readers)
                reader.Dispose();
        }
    }

    private static void Delete(IReadOnlyList<RecordSource> sources)
    {
        foreach (var source in sources)
            File.Delete(source.Path);
    }
}
