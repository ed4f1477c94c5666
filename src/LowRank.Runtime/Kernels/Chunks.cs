namespace LowRank.Kernels;

/// <summary>
/// Work in chunks of fixed size, shared among the threads that libtorch may use. Since the chunks don't depend on the number of threads,
/// neither do sums that are formed chunk by chunk.
/// </summary>
internal static class Chunks
{
    // About half of a core's second-level cache, and well above what handing out a chunk costs.
    private const long Elements = 1 << 17;

    /// <summary>Number of rows in a chunk.</summary>
    public static long Rows(long width) => Math.Max(1, Elements / width);

    /// <summary>Number of chunks that the rows make.</summary>
    public static int Count(long rows, long width) => (int)((rows + Rows(width) - 1) / Rows(width));

    /// <summary>
    /// Runs the body for every chunk of elements that don't stand in rows: its first element and the one behind its last.
    /// </summary>
    public static void ForElements(long count, Action<long, long> body) => For(count, width: 1, (_, first, end) => body(first, end));

    /// <summary>Runs the body for every chunk: its number, its first row, and the row behind its last.</summary>
    public static void For(long rows, long width, Action<int, long, long> body)
    {
        var (size, count) = (Rows(width), Count(rows, width));
        if (count == 1)
        {
            body(0, 0, rows);
            return;
        }

        var threads = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, TorchSharp.torch.get_num_threads()) };
        Parallel.For(0, count, threads, chunk => body(chunk, chunk * size, Math.Min(rows, (chunk + 1) * size)));
    }
}
