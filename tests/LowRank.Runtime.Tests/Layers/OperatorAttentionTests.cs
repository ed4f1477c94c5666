using LowRank.Dispatch;
using LowRank.Kernels;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Layers;

/// <summary>
/// Attention through operators of libtorch, outside autograd: CUDA's share their contract with the CPU's, which is run here.
/// </summary>
public sealed class OperatorAttentionTests
{
    [Theory]
    [InlineData(2, 33, 4, 4, 16)]
    [InlineData(1, 200, 6, 2, 8)]
    [InlineData(3, 1, 2, 1, 4)]
    [InlineData(1, 200, 6, 2, 8, 1.0)]
    public void Outputs_and_gradients_are_those_of_attention_in_blocks(
        int batch,
        int sequence,
        int heads,
        int keyValueHeads,
        int headSize,
        double? scale = null
    )
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var generator = new Generator(5);
        // Side by side, as they are projected.
        var projected = randn([batch, sequence, heads + 2 * keyValueHeads, headSize], generator: generator);
        var queries = projected.narrow(2, 0, heads);
        var keys = projected.narrow(2, heads, keyValueHeads);
        var values = projected.narrow(2, heads + keyValueHeads, keyValueHeads);
        var upstream = randn([batch, sequence, heads * headSize], generator: generator);

        using var tape = new Tape(new ModelOptions());
        var expected = BlockAttention.Record(queries, keys, values, sequence, tape, new(scale));
        var expectedGradients = BlockAttention.Backward(upstream, sequence, isJoined: true, tape, new(scale)).Join();
        IAttentionOperator attention =
            heads == keyValueHeads ? new CpuFlashAttention(scale) : new SpreadAttention(new CpuFlashAttention(scale));
        var actual = OperatorAttention.Record(attention, queries, keys, values, tape);
        var gradients = OperatorAttention.Backward(attention, upstream, tape).Join();

        Assert.Equal(0, tape.Count);
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(expectedGradients.shape, gradients.shape);
        Assert.True(gradients.is_contiguous());
        Assert.InRange(Error(actual, expected), 0, 2e-6);
        Assert.InRange(Error(gradients, expectedGradients), 0, 4e-6);
    }

    [Theory]
    [InlineData(12, 8)]
    [InlineData(8, 12)]
    public void Values_of_another_size_than_keys_are_padded_for_an_operator_of_one_size(int headSize, int valueSize)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var generator = new Generator(5);
        var queries = randn([2, 33, 4, headSize], generator: generator);
        var keys = randn([2, 33, 4, headSize], generator: generator);
        var values = randn([2, 33, 4, valueSize], generator: generator);
        var upstream = randn([2, 33, 4 * valueSize], generator: generator);

        using var tape = new Tape(new ModelOptions());
        var expected = BlockAttention.Record(queries, keys, values, 33, tape);
        using var expectedGradients = BlockAttention.Backward(upstream, 33, isJoined: false, tape);
        var attention = new PaddedAttention(new CpuFlashAttention());
        var actual = OperatorAttention.Record(attention, queries, keys, values, tape);
        using var gradients = OperatorAttention.Backward(attention, upstream, tape);

        Assert.Equal(0, tape.Count);
        Assert.Equal([2, 33, 4 * valueSize], actual.shape);
        Assert.InRange(Error(actual, expected), 0, 2e-6);
        Assert.InRange(Error(gradients.Queries, expectedGradients.Queries), 0, 4e-6);
        Assert.InRange(Error(gradients.Keys, expectedGradients.Keys), 0, 4e-6);
        Assert.InRange(Error(gradients.Values, expectedGradients.Values), 0, 4e-6);
    }

    [Fact]
    public void An_operator_is_taken_if_it_is_right_on_a_sample()
    {
        var form = new AttentionForm("cpu", ScalarType.Float32, Heads: 4, KeyValueHeads: 4, HeadSize: 8, Window: null);
        Assert.True(AttentionProbe.IsRight(new CpuFlashAttention(), form, CPU));
        Assert.True(AttentionProbe.IsRight(new SpreadAttention(new CpuFlashAttention()), form with { KeyValueHeads = 2 }, CPU));
        Assert.True(AttentionProbe.IsRight(new PaddedAttention(new CpuFlashAttention()), form with { ValueSize = 5 }, CPU));
        Assert.True(AttentionProbe.IsRight(new CpuFlashAttention(2), form with { Scale = 2 }, CPU));
        Assert.False(AttentionProbe.IsRight(new CpuFlashAttention(), form with { Scale = 2 }, CPU));
        // It knows no window.
        Assert.False(AttentionProbe.IsRight(new CpuFlashAttention(), form with { Window = 5 }, CPU));
        // They have no code for the CPU.
        Assert.False(AttentionProbe.IsRight(new FlashAttention(null), form, CPU));
        Assert.False(AttentionProbe.IsRight(new CudnnAttention(), form, CPU));
        Assert.False(AttentionProbe.IsRight(new EfficientAttention(), form, CPU));
        Assert.Null(AttentionOperators.For(form, CPU));
    }

    [Fact]
    public void What_libtorch_would_choose_is_asked_for()
    {
        using var scope = NewDisposeScope();
        var heads = randn(1, 2, 8, 4);
        using var choice = AttentionOperators.Choice.Call(
            heads,
            heads,
            heads,
            OperatorArgument.None,
            0.0,
            true,
            OperatorArgument.None,
            false
        );
        // On the CPU it is flash attention.
        Assert.Equal(1, choice.Integer(0));
    }

    private static double Error(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        return ((actual - expected).norm() / expected.norm()).item<float>();
    }
}
