using LowRank.Costs;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Layers;

/// <summary>Attention within a window, held against scores of the whole sequence with all but the window masked.</summary>
public sealed class WindowedAttentionTests
{
    private const int Heads = 4;
    private const int HeadSize = 6;

    [Theory]
    [InlineData(1, 5, 4)]
    [InlineData(3, 17, 2)]
    [InlineData(16, 16, 1)]
    [InlineData(17, 16, 1)]
    [InlineData(5, 200, 2)]
    [InlineData(64, 150, 4)]
    [InlineData(70, 211, 1)]
    [InlineData(199, 200, 2)]
    public void Outputs_and_gradients_are_those_of_the_masked_sequence(int window, int sequence, int keyValueHeads)
    {
        using var scope = NewDisposeScope();
        var (queries, keys, values) = Draw(sequence, keyValueHeads);
        var attended = new Attention(keyValueHeads, window).Run(queries, keys, values, null);
        var expected = Reference(queries, keys, values, window);
        Assert.Equal([2, sequence, Heads * HeadSize], attended.shape);
        Assert.True(allclose(expected, attended, 1e-12, 1e-12));

        var weights = randn_like(expected);
        Tensor[] leaves = [queries, keys, values];
        var gradients = autograd.grad([(attended * weights).sum()], leaves);
        var expectedGradients = autograd.grad([(expected * weights).sum()], leaves);
        Assert.All(gradients.Zip(expectedGradients), pair => Assert.True(allclose(pair.Second, pair.First, 1e-11, 1e-11)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(70)]
    [InlineData(130)]
    public void A_cache_in_pieces_of_any_size_changes_nothing(int window)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        const int Sequence = 150;
        var (queries, keys, values) = Draw(Sequence, keyValueHeads: 2);
        var expected = Reference(queries, keys, values, window);
        var attention = new Attention(keyValueHeads: 2, window);
        using var cache = new KeyValueCache(2, Sequence);
        long[] pieces = [3, 1, 1, 2, 90, 1, 51, 1];
        Assert.Equal(Sequence, pieces.Sum());
        long position = 0;
        foreach (var piece in pieces)
        {
            var attended = attention.Run(
                queries.narrow(1, position, piece),
                keys.narrow(1, position, piece),
                values.narrow(1, position, piece),
                cache
            );
            Assert.True(allclose(expected.narrow(1, position, piece), attended, 1e-12, 1e-12), $"from {position}");
            cache.Advance(piece);
            position += piece;
        }
    }

    [Fact]
    public void Scores_beyond_the_window_are_not_counted()
    {
        var attention = new Attention(keyValueHeads: 2, window: 10);
        Assert.Equal(4 * 7 * 24, attention.ScoreFlopsPerToken(7));
        Assert.Equal(4 * 10 * 24, attention.ScoreFlopsPerToken(10));
        Assert.Equal(4 * 10 * 24, attention.ScoreFlopsPerToken(1_000));
        // Half of a context within the window; of a long one only the corner before its beginning, 2·10·10·24/1000 = 4.8.
        Assert.Equal(2 * 7 * 24, attention.ScoreFlopsPerToken(7, FlopConvention.Causal));
        Assert.Equal(4 * 10 * 24 - 4, attention.ScoreFlopsPerToken(1_000, FlopConvention.Causal));
        Assert.Equal(
            attention.ScoreFlopsPerToken(1_000, FlopConvention.Causal) * 3,
            new WindowedAttention(10, 24, 3).ScoreFlopsPerToken(1_000, FlopConvention.Causal)
        );
    }

    private static (Tensor Queries, Tensor Keys, Tensor Values) Draw(int sequence, int keyValueHeads) =>
        (
            randn([2, sequence, Heads, HeadSize], ScalarType.Float64, requires_grad: true),
            randn([2, sequence, keyValueHeads, HeadSize], ScalarType.Float64, requires_grad: true),
            randn([2, sequence, keyValueHeads, HeadSize], ScalarType.Float64, requires_grad: true)
        );

    private static Tensor Reference(Tensor queries, Tensor keys, Tensor values, int window)
    {
        using var scope = NewDisposeScope();
        var sequence = queries.shape[1];
        var position = arange(sequence);
        var distance = position.unsqueeze(1) - position;
        var hidden = (distance < 0).logical_or(distance >= window);
        var heads = new List<Tensor>();
        for (var head = 0; head < Heads; head++)
        {
            var group = head / (Heads / keys.shape[2]);
            var scores = queries.select(2, head).matmul(keys.select(2, group).transpose(1, 2)) / Math.Sqrt(HeadSize);
            heads.Add(scores.masked_fill(hidden, double.NegativeInfinity).softmax(-1).matmul(values.select(2, group)));
        }

        return scope.MoveToOuter(cat(heads, -1));
    }

    private sealed class Attention(int keyValueHeads, int? window)
        : CausalAttention(nameof(Attention), WindowedAttentionTests.Heads, keyValueHeads, WindowedAttentionTests.HeadSize, window)
    {
        public Tensor Run(Tensor queries, Tensor keys, Tensor values, KeyValueCache? cache) => Attend(queries, keys, values, cache);

        public override Tensor forward(Tensor x, KeyValueCache? cache) => throw new NotSupportedException();
    }
}
