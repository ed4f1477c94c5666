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

    // Computed apart from this library, in double precision, by the formulas of the two models' own texts.
    [Fact]
    public void Frequencies_of_Llama_3_2_are_those_of_its_formula()
    {
        var scaling = new RotaryScaling(RotaryScalingType.Llama3, 32) { OriginalContext = 8_192 };
        AssertFrequencies(
            scaling,
            64,
            500_000,
            (0, 1.0),
            (10, 0.016560440080994446),
            (14, 0.003211445994752591),
            (15, 0.001290547928209264),
            (16, 0.00042955679655936815),
            (17, 9.70828780262767e-05),
            (18, 1.9461638184831125e-05),
            (31, 9.41830672543491e-08)
        );
        Assert.Equal(1, scaling.Length);
    }

    [Fact]
    public void Frequencies_of_DeepSeek_V2_s_YaRN_are_those_of_its_formula()
    {
        var scaling = new RotaryScaling(RotaryScalingType.Yarn, 40) { OriginalContext = 4_096 };
        AssertFrequencies(
            scaling,
            128,
            10_000,
            (0, 1.0),
            (10, 0.23713737056616552),
            (11, 0.2053525026457146),
            (20, 0.05623413251903491),
            (22, 0.03900692656714386),
            (23, 0.03240920379386684),
            (24, 0.026879360111431223),
            (40, 0.0007905694150420946),
            (63, 2.8869549617236457e-06)
        );
        Assert.Equal(1.3688879454113936, scaling.Length, 1e-15);
        Assert.Equal(0.9, (scaling with { AttentionFactor = 0.9 }).Length);
    }

    [Fact]
    public void A_linear_scaling_reads_positions_of_a_shorter_text()
    {
        using var scope = NewDisposeScope();
        using var plain = new RotaryEmbedding(64, 16, 10_000, Double);
        using var scaled = new RotaryEmbedding(64, 16, 10_000, Double, new RotaryScaling(RotaryScalingType.Linear, 4));
        var heads = randn(1, 1, 1, 16, dtype: ScalarType.Float64);
        Assert.True(allclose(plain.Rotate(heads, firstPosition: 7), scaled.Rotate(heads, firstPosition: 28), 0, 1e-12));
    }

    [Fact]
    public void Yarn_makes_what_it_rotates_longer_and_its_backward_pass_is_the_transpose()
    {
        using var scope = NewDisposeScope();
        var scaling = new RotaryScaling(RotaryScalingType.Yarn, 4)
        {
            OriginalContext = 16,
            BetaFast = 2,
            BetaSlow = 0.5,
        };
        using var rotary = new RotaryEmbedding(64, 16, 100, Double, scaling);
        var heads = randn(1, 5, 2, 16, dtype: ScalarType.Float64);
        var rotated = rotary.Rotate(heads, firstPosition: 0);
        var expected = heads.norm().item<double>() * (0.1 * Math.Log(4) + 1);
        Assert.Equal(expected, rotated.norm().item<double>(), 1e-10);
        var upstream = randn(1, 5, 2, 16, dtype: ScalarType.Float64);
        var back = upstream.clone();
        rotary.RotateBack(back, 2, documents: null);
        Assert.Equal((rotated * upstream).sum().item<double>(), (heads * back).sum().item<double>(), 1e-10);
    }

    private static void AssertFrequencies(
        RotaryScaling scaling,
        int size,
        double frequencyBase,
        params (int Pair, double Expected)[] expected
    )
    {
        var plain = Enumerable.Range(0, size / 2).Select(pair => Math.Pow(frequencyBase, -2.0 * pair / size)).ToArray();
        var scaled = scaling.Apply(plain, frequencyBase);
        Assert.All(expected, value => Assert.Equal(1, scaled[value.Pair] / value.Expected, 1e-12));
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
