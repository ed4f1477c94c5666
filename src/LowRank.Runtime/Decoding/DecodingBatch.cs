using LowRank.Layers;

namespace LowRank.Decoding;

/// <summary>The tokens that one pass reads: one a row, each behind the tokens of its own cache.</summary>
internal sealed class DecodingBatch(ThreadTeam team, DecodingBuffers buffers) : IDisposable
{
    private Row[] rows = [];

    /// <summary>The threads.</summary>
    public ThreadTeam Team { get; } = team;

    /// <summary>The memory.</summary>
    public DecodingBuffers Buffers { get; } = buffers;

    /// <summary>The rows of the pass at hand.</summary>
    public ReadOnlySpan<Row> Rows => rows.AsSpan(0, Count);

    /// <summary>Number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Takes up the tokens of the next pass: one for each sequence of each cache, in their order.</summary>
    public void Take(ReadOnlySpan<int> tokens, IReadOnlyList<KeyValueCache> caches)
    {
        if (rows.Length < tokens.Length)
            rows = new Row[tokens.Length];
        Count = 0;
        for (var index = 0; index < caches.Count; index++)
        {
            for (var sequence = 0; sequence < caches[index].Batch; sequence++)
            {
                rows[Count] = new(tokens[Count], caches[index], sequence);
                Count++;
            }
        }

        Buffers.Reserve(Count);
    }

    /// <summary>Takes up rows that belong to no cache, for steps that only multiply.</summary>
    /// <param name="count">Number of them; there must be room for as many.</param>
    public void Take(int count) => Count = count;

    /// <inheritdoc/>
    public void Dispose() => Buffers.Dispose();

    /// <summary>One row of a pass.</summary>
    /// <param name="Token">The id.</param>
    /// <param name="Cache">Where its sequence's keys and values are.</param>
    /// <param name="Sequence">Which of the cache's sequences it belongs to.</param>
    public readonly record struct Row(int Token, KeyValueCache Cache, int Sequence);
}
