using LowRank.Layers;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Data;

/// <summary>Some rows that are read together.</summary>
/// <param name="Inputs">Ids, <c>[rows, context]</c> row by row.</param>
/// <param name="Targets">The ids that follow, in the same way; those that don't count are −100.</param>
/// <param name="Documents">The documents of the rows, which don't see each other; null where each row is one text.</param>
internal sealed record RowBatch(long[] Inputs, long[] Targets, PackedDocuments? Documents) : IDisposable
{
    /// <summary>Reads rows.</summary>
    /// <param name="rows">The rows, each with what it is taken from.</param>
    /// <param name="endOfText">The token behind which a document begins, where documents are kept apart that no store tells apart; or
    /// null.</param>
    public static RowBatch Read(IReadOnlyList<(TokenRows From, long Row)> rows, long? endOfText)
    {
        var context = rows[0].From.Context;
        var (inputs, targets) = (new long[rows.Count * context], new long[rows.Count * context]);
        var starts = new List<IReadOnlyList<int>>();
        var isPacked = endOfText is not null;
        for (var index = 0; index < rows.Count; index++)
        {
            var (from, row) = rows[index];
            var own = inputs.AsSpan(index * context, context);
            from.Read(row, own, targets.AsSpan(index * context, context));
            var known = from.StartsOf(row);
            isPacked |= known is not null;
            starts.Add(known ?? (endOfText is { } end ? DocumentStarts.Behind(own, end) : [0]));
        }

        if (!isPacked)
            return new(inputs, targets, null);
        var documents = new PackedDocuments(starts, context);
        // Rows of one document each are the usual ones, and faster as such.
        return new(inputs, targets, documents.AreWhole ? null : documents);
    }

    /// <summary>The token of <see cref="Read"/>.</summary>
    /// <param name="tokenizer">The tokenizer of the text.</param>
    /// <param name="documentMasks">Whether its documents are kept apart.</param>
    public static long? EndOfText(Tokenizer tokenizer, bool documentMasks) => documentMasks ? tokenizer.EndOfText : null;

    /// <inheritdoc/>
    public void Dispose() => Documents?.Dispose();
}
