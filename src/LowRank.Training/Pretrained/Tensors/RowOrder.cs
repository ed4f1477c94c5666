using static TorchSharp.torch;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>In which order the rows of a weight, or the elements of a bias, lie in a file.</summary>
internal sealed class RowOrder
{
    private readonly long[] inFile;
    private readonly long[] here;

    private RowOrder(long[] inFile)
    {
        this.inFile = inFile;
        here = new long[inFile.Length];
        for (var row = 0; row < inFile.Length; row++)
            here[inFile[row]] = row;
    }

    /// <summary>
    /// Parts whose heads alternate in a file: the first head of every part, then the second of every part. Here the parts lie one below the
    /// other.
    /// </summary>
    /// <param name="heads">Heads of every part.</param>
    /// <param name="sizes">The size of a head of each part.</param>
    public static RowOrder ByHeads(int heads, params int[] sizes)
    {
        var (all, rows) = (sizes.Sum(), new List<long>());
        for (var (part, before) = (0, 0); part < sizes.Length; before += sizes[part++])
        {
            for (var head = 0; head < heads; head++)
            {
                for (var element = 0; element < sizes[part]; element++)
                    rows.Add((long)head * all + before + element);
            }
        }

        return new RowOrder([.. rows]);
    }

    /// <summary>
    /// Queries of latent attention: in a file each head has its rotated elements behind the others, and the two that turn together side by
    /// side. Here they stand in front, in halves.
    /// </summary>
    /// <param name="heads">Number of heads.</param>
    /// <param name="content">Elements of a head that are not rotated.</param>
    /// <param name="rotated">Those that are.</param>
    public static RowOrder RotatedBehind(int heads, int content, int rotated)
    {
        var rows = new List<long>();
        for (var head = 0; head < heads; head++)
        {
            var first = (long)head * (content + rotated);
            rows.AddRange(Halves(rotated).Select(row => first + content + row));
            rows.AddRange(Enumerable.Range(0, content).Select(row => first + row));
        }

        return new RowOrder([.. rows]);
    }

    /// <summary>Rows that stay, and behind them rotated ones, side by side in a file and in halves here.</summary>
    /// <param name="kept">Rows that stay.</param>
    /// <param name="rotated">Rotated ones.</param>
    public static RowOrder RotatedLast(int kept, int rotated) =>
        new([.. Enumerable.Range(0, kept).Select(row => (long)row), .. Halves(rotated).Select(row => kept + row)]);

    /// <summary>A file's rows in the order that they have here.</summary>
    /// <param name="rows">The file's.</param>
    /// <param name="first">The first that is wanted, as counted here.</param>
    /// <param name="count">How many.</param>
    public Tensor FromFile(Tensor rows, long first, long count)
    {
        using var places = tensor(inFile.AsSpan((int)first, (int)count).ToArray(), device: rows.device);
        return rows.index_select(0, places);
    }

    /// <summary>Rows from here in the order of the file.</summary>
    public Tensor ToFile(Tensor rows)
    {
        using var places = tensor(here, device: rows.device);
        return rows.index_select(0, places);
    }

    private static IEnumerable<long> Halves(int rotated) =>
        Enumerable.Range(0, rotated / 2).Select(pair => 2L * pair).Concat(Enumerable.Range(0, rotated / 2).Select(pair => 2L * pair + 1));
}
