using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// Parameters of one shape that stand at equal distances in a flat buffer, as the blocks of a model repeat them: one view of the buffer
/// shows them all.
/// </summary>
/// <param name="Slices">The parameters.</param>
/// <param name="Distance">Elements from one to the next.</param>
internal sealed record MatrixBatch(IReadOnlyList<FlatSlice> Slices, long Distance)
{
    // A block has matrices of one shape several times: each of them makes a row of its own.
    private const int MostRows = 16;

    /// <summary>Number of matrices.</summary>
    public int Count => Slices.Count;

    /// <summary>Batches that cover all parameters, each once.</summary>
    /// <param name="slices">Matrices of one buffer.</param>
    /// <param name="largest">How many elements a batch may have. A matrix that has more is one by itself.</param>
    public static List<MatrixBatch> All(IEnumerable<FlatSlice> slices, long largest)
    {
        var batches = new List<MatrixBatch>();
        foreach (var alike in slices.GroupBy(slice => (slice.Parameter.shape[0], slice.Parameter.shape[1])))
        {
            var members = alike.OrderBy(slice => slice.Offset).ToList();
            var most = Most(members[0].Count, largest);
            var rows = Rows(members);
            foreach (var row in Enumerable.Range(0, rows).Select(first => members.Where((_, index) => index % rows == first).ToList()))
            {
                var distance = row.Count > 1 ? row[1].Offset - row[0].Offset : 0;
                batches.AddRange(row.Chunk(most).Select(chunk => new MatrixBatch(chunk, distance)));
            }
        }

        return batches;
    }

    /// <summary>How many matrices a batch may have.</summary>
    /// <param name="elements">Elements of one.</param>
    /// <param name="largest">How many elements a batch may have.</param>
    public static int Most(long elements, long largest) => (int)Math.Clamp(largest / elements, 1, int.MaxValue);

    /// <summary>The matrices: <c>[m, n]</c> where there is one, else <c>[Count, m, n]</c>. The caller disposes it.</summary>
    /// <param name="tensor">Laid out like the buffer: <c>[Length]</c>.</param>
    public Tensor View(Tensor tensor)
    {
        var first = Slices[0];
        if (Count == 1)
            return FlatBuffer.View(tensor, first);
        var (rows, columns) = (first.Parameter.shape[0], first.Parameter.shape[1]);
        return tensor.as_strided([Count, rows, columns], [Distance, columns, 1], first.Offset);
    }

    // The fewest rows in each of which all distances are equal; as many rows as members if there are none.
    private static int Rows(List<FlatSlice> members)
    {
        for (var rows = 1; rows <= Math.Min(MostRows, members.Count - 1); rows++)
        {
            var isEven = true;
            for (var index = 2 * rows; index < members.Count && isEven; index++)
            {
                var before = members[index - rows].Offset;
                isEven = members[index].Offset - before == before - members[index - 2 * rows].Offset;
            }

            if (isEven)
                return rows;
        }

        return members.Count;
    }
}
