using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Tests.Golden;

/// <summary>The attention of published models with latents, in one block: parameters, cache and scores.</summary>
public sealed class LatentAttentionTests
{
    // The norm before it, queries (latents of 1,536 in the larger model, with their norm), latents of 512 with their norm and the rotated
    // key of 64, what expands them to 128 + 128 for each head, and the output.
    [Theory]
    [InlineData("DeepSeek-V2-Lite", 2_048, 16, null, 2_048 + 6_291_456 + 1_179_648 + 512 + 2_097_152 + 4_194_304)]
    [InlineData("DeepSeek-V2", 5_120, 128, 1_536, 5_120 + 7_864_320 + 1_536 + 37_748_736 + 2_949_120 + 512 + 16_777_216 + 83_886_080)]
    public void Parameters_of_a_block_are_those_published(string name, int width, int heads, int? queryRank, long parameters)
    {
        var model = Model(width, heads, queryRank);
        var part = Assert.Single(SublayerCosts.Of(model.Sublayers[0], model));
        Assert.True(parameters == part.Parameters, $"{name}: {part.Parameters}");
        Assert.Equal(27 * (512L + 64), ModelCosts.Of(model).Memory.KeyValuesPerToken);
        // Keys of 128 + 64, values of 128, over 4,096 tokens.
        Assert.Equal(2L * 4_096 * heads * (192 + 128), part.ScoreFlopsPerToken);
        Assert.Equal(4_096L * heads * (192 + 128), part.MaskedScoreFlopsPerToken);
    }

    private static TransformerModel Model(int width, int heads, int? queryRank)
    {
        var attention = new AttentionOptions(heads, null, 128, QueryKeyNorm.None)
        {
            KeyValueRank = 512,
            QueryRank = queryRank,
            RotarySize = 64,
        };
        var transformer = new TransformerOptions(
            102_400,
            4_096,
            width,
            27,
            Positions.Rotary,
            10_000,
            1,
            Norm.RmsNorm,
            1e-6,
            Bias.None,
            TieEmbeddings: false,
            Residual.Sequential
        );
        return GoldenModels.Model(transformer, attention, new(1_408, Activation.Silu, Gated: true), null, null);
    }
}
