using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// Rows that hold several documents one behind the other (sequence packing): no token attends to another document's, and positions begin
/// at 0 with each. What a row computes is what its documents compute in rows of their own. Belongs to one micro-batch.
/// </summary>
public sealed class PackedDocuments : IDisposable
{
    private readonly Dictionary<Tensor, RotaryAngles> turned = new(ReferenceEqualityComparer.Instance);
    private readonly DocumentSpan[][] rows;
    private Tensor? positions;

    /// <summary>Takes up where documents begin.</summary>
    /// <param name="starts">For each row the positions at which its documents begin, ascending, the first at 0: the cumulative lengths
    /// (<c>cu_seqlens</c> of variable-length attention) without the last.</param>
    /// <param name="sequence">Tokens of a row.</param>
    /// <exception cref="ArgumentException">A row begins elsewhere than at 0, or its starts don't ascend within it.</exception>
    public PackedDocuments(IReadOnlyList<IReadOnlyList<int>> starts, int sequence)
    {
        ArgumentNullException.ThrowIfNull(starts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sequence);
        Sequence = sequence;
        rows = [.. starts.Select((row, index) => Spans(row, index, sequence))];
    }

    /// <summary>Number of rows.</summary>
    public int Rows => rows.Length;

    /// <summary>Tokens of a row.</summary>
    public int Sequence { get; }

    /// <summary>Whether each row is one document, so that packed rows are rows as any others.</summary>
    public bool AreWhole => Array.TrueForAll(rows, row => row.Length == 1);

    /// <summary>Tokens of the longest document.</summary>
    internal int Longest => rows.Max(row => row.Max(span => span.Length));

    /// <summary>The documents of all rows, row by row, in order.</summary>
    internal IEnumerable<DocumentSpan> All => rows.SelectMany(row => row);

    /// <summary>The documents of a row, in order.</summary>
    internal IReadOnlyList<DocumentSpan> Of(long row) => rows[row];

    /// <summary>Where tokens stand in their documents, int64 <c>[rows·sequence]</c>; stays the object's.</summary>
    /// <param name="device">Where it is to lie; the same at every call.</param>
    internal Tensor Positions(Device device)
    {
        if (positions is not null)
            return positions;
        var places = new long[(long)Rows * Sequence];
        foreach (var span in All)
        {
            for (var token = 0; token < span.Length; token++)
                places[(long)span.Row * Sequence + span.Start + token] = token;
        }

        using var onCpu = tensor(places, ScalarType.Int64);
        return positions = onCpu.to(device).DetachFromDisposeScope();
    }

    /// <summary>The angles of all tokens, row behind row, as those of one long row: <c>[rows·sequence, size/2]</c>. They stay the
    /// object's.</summary>
    /// <param name="table">The angles by position.</param>
    internal RotaryAngles Turned(in RotaryAngles table)
    {
        if (turned.TryGetValue(table.Cosine, out var known))
            return known;
        var places = Positions(table.Cosine.device);
        var angles = new RotaryAngles(
            table.Cosine.index_select(0, places).DetachFromDisposeScope(),
            table.Sine.index_select(0, places).DetachFromDisposeScope()
        );
        turned.Add(table.Cosine, angles);
        return angles;
    }

    /// <summary>The same where long documents have angles of their own.</summary>
    /// <param name="table">The angles of short ones by position.</param>
    /// <param name="longTable">Those of long ones.</param>
    /// <param name="shortContext">Tokens of the longest short one.</param>
    internal RotaryAngles Turned(in RotaryAngles table, in RotaryAngles longTable, int shortContext)
    {
        if (turned.TryGetValue(longTable.Cosine, out var known))
            return known;
        var isLong = new bool[(long)Rows * Sequence];
        foreach (var span in All)
            isLong.AsSpan((int)((long)span.Row * Sequence + span.Start), (int)span.Length).Fill(span.Length > shortContext);
        var places = Positions(table.Cosine.device);
        using var onCpu = tensor(isLong);
        using var moved = onCpu.to(table.Cosine.device);
        using var mask = moved.unsqueeze(1);
        var angles = new RotaryAngles(Choose(longTable.Cosine, table.Cosine), Choose(longTable.Sine, table.Sine));
        turned.Add(longTable.Cosine, angles);
        return angles;

        Tensor Choose(Tensor ofLong, Tensor ofShort)
        {
            using var first = ofLong.index_select(0, places);
            using var second = ofShort.index_select(0, places);
            return where(mask, first, second).DetachFromDisposeScope();
        }
    }

    /// <summary>Refuses rows of another number or length.</summary>
    /// <param name="tokens">Ids <c>[batch, sequence]</c>.</param>
    /// <exception cref="ArgumentException">They are.</exception>
    internal void Require(Tensor tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.shape is not [var batch, var sequence] || batch != Rows || sequence != Sequence)
        {
            throw new ArgumentException(
                $"The documents are those of {Rows} rows of {Sequence} tokens, and the ids are [{string.Join(", ", tokens.shape)}].",
                nameof(tokens)
            );
        }
    }

    /// <summary>Runs something over one document after the other and puts what comes of them together again.</summary>
    /// <param name="input"><c>[batch, sequence, …]</c>.</param>
    /// <param name="run">Takes <c>[1, length, …]</c>; what it returns has as many tokens.</param>
    /// <returns><c>[batch, sequence, …]</c>, differentiable where <paramref name="run"/> is.</returns>
    internal Tensor OneByOne(Tensor input, Func<Tensor, Tensor> run)
    {
        var joined = new List<Tensor>();
        foreach (var row in rows)
        {
            var parts = new List<Tensor>();
            foreach (var span in row)
            {
                using var part = span.Of(input);
                parts.Add(run(part));
            }

            joined.Add(cat(parts, 1));
            parts.ForEach(part => part.Dispose());
        }

        var all = cat(joined, 0);
        joined.ForEach(row => row.Dispose());
        return all;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        positions?.Dispose();
        positions = null;
        foreach (var angles in turned.Values)
        {
            angles.Cosine.Dispose();
            angles.Sine.Dispose();
        }

        turned.Clear();
    }

    private static DocumentSpan[] Spans(IReadOnlyList<int> starts, int row, int sequence)
    {
        if (starts.Count == 0 || starts[0] != 0)
            throw new ArgumentException($"The first document of row {row} has to begin at 0.", nameof(starts));
        var spans = new DocumentSpan[starts.Count];
        for (var index = 0; index < spans.Length; index++)
        {
            var end = index + 1 < spans.Length ? starts[index + 1] : sequence;
            if (end <= starts[index] || end > sequence)
            {
                throw new ArgumentException(
                    $"Document {index} of row {row} would reach from {starts[index]} to {end}; the starts have to ascend, below the row's {sequence} tokens.",
                    nameof(starts)
                );
            }

            spans[index] = new(row, starts[index], end - starts[index]);
        }

        return spans;
    }
}
