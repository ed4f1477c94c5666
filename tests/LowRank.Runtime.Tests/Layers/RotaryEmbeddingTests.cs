using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Layers;

public sealed class RotaryEmbeddingTests
{
    private static readonly ModelOptions Double = new() { DataType = ScalarType.Float64 };

    [Fact]
    public void Every_pair_turns_by_its_own_angle()
    {
        using var scope = NewDisposeScope();
        using var rotary = new RotaryEmbedding(context: 32, size: 8, frequencyBase: 10_000, Double);
        var heads = randn(1, 4, 1, 10, dtype: ScalarType.Float64);
        var rotated = rotary.Rotate(heads, firstPosition: 5);
        for (var token = 0; token < 4; token++)
        {
            for (var pair = 0; pair < 4; pair++)
            {
                var angle = (5 + token) * Math.Pow(10_000, -2.0 * pair / 8);
                var (x, y) = (heads[0, token, 0, pair].item<double>(), heads[0, token, 0, pair + 4].item<double>());
                Assert.Equal(x * Math.Cos(angle) - y * Math.Sin(angle), rotated[0, token, 0, pair].item<double>(), 1e-12);
                Assert.Equal(y * Math.Cos(angle) + x * Math.Sin(angle), rotated[0, token, 0, pair + 4].item<double>(), 1e-12);
            }

            // What lies behind the rotated part stays.
            Assert.Equal(heads[0, token, 0, 9].item<double>(), rotated[0, token, 0, 9].item<double>());
        }
    }

    [Fact]
    public void Scores_depend_on_the_distance_alone()
    {
        using var scope = NewDisposeScope();
        using var rotary = new RotaryEmbedding(64, 16, 10_000, Double);
        var query = randn(1, 1, 1, 16, dtype: ScalarType.Float64);
        var key = randn(1, 1, 1, 16, dtype: ScalarType.Float64);
        double Score(int at, int other) => (rotary.Rotate(query, at) * rotary.Rotate(key, other)).sum().item<double>();
        Assert.Equal(Score(7, 3), Score(40, 36), 1e-10);
    }
}
