using System.Numerics;
using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Costs;

/// <summary>405 B parameters on 15 T tokens, against arithmetic that cannot overflow.</summary>
public sealed class LargestModelTests
{
    private const string Source = """
        using LowRank;
        namespace Large;
        [Transformer(vocabulary: 128_256, context: 8_192, width: 16_384, depth: 126)]
        [TrainingRun(tokens: 15_000_000_000_000, sequencesPerStep: 2_048, SequencesPerMicroBatch = 1)]
        public partial class Llama
        {
            [Attention(heads: 128, KeyValueHeads = 8)]
            public partial Sublayer Attention { get; }

            [FeedForward(hidden: 53_248, Gated = true)]
            [LowRank(rank: 4_096, phaseOut: 0.5, Layers = "1..")]
            public partial Sublayer FeedForward { get; }
        }
        """;

    [Fact]
    public void Every_total_is_right_to_the_last_digit()
    {
        var dense = GeneratorRun
            .Of(Source.Replace("[LowRank(rank: 4_096, phaseOut: 0.5, Layers = \"1..\")]", "", StringComparison.Ordinal))
            .AssertClean();
        Assert.Equal(405_853_388_800L, dense.Constant("Large.Llama+Cost", "Parameters"));

        BigInteger depth = 126,
            width = 16_384,
            hidden = 53_248,
            vocabulary = 128_256,
            context = 8_192,
            rank = 4_096;
        var attention = width * (width + 2 * 8 * 128) + width * width;
        var norms = 2 * depth * width + width;
        var guides = 125 * 3 * width * hidden;
        var factors = 125 * 3 * rank * (width + hidden);
        Check(dense, "Parameters", depth * (attention + 3 * width * hidden) + 2 * vocabulary * width + norms);

        var run = GeneratorRun.Of(Source).AssertClean();
        var parameters = depth * attention + 3 * width * hidden + factors + 2 * vocabulary * width + norms;
        Check(run, "Parameters", parameters);
        Check(run, "ParametersAtStart", parameters + guides);
        var scores = 4 * context * width * depth;
        var forward = 2 * (depth * attention + 3 * width * hidden + factors + vocabulary * width) + scores;
        Check(run, "ForwardFlopsPerToken", forward);
        var projection = 6 * rank * guides;
        Check(run, "ProjectionFlopsPerStep", projection);

        var tokensPerStep = 2_048 * context;
        var steps = 15_000_000_000_000 / tokensPerStep;
        Check(run, "Steps", steps);
        var guided = steps / 2;
        var without = 3 * forward * steps * tokensPerStep;
        Check(run, "TrainingFlopsWithoutGuide", without);
        Check(run, "TrainingFlops", without + guided * (3 * 2 * (guides - factors) * tokensPerStep + projection));
        Check(run, "TrainingFlopsWithoutGuideCausal", without - 3 * scores / 2 * steps * tokensPerStep);
        Check(run, "TwoBranches.TrainingFlopsMixed", without + 6 * guides * guided * tokensPerStep);
        Check(run, "TwoBranches.TrainingFlopsSampled", without + 3 * guides * guided * tokensPerStep);
        Check(run, "Memory.StateAtStart", 16 * parameters + 20 * guides);
        Check(run, "Memory.KeyValuesPerToken", depth * 2 * 8 * 128 * 4);
        Check(run, "Memory.Decode", 4 * parameters + depth * 2 * 8 * 128 * 4 * context);
    }

    private static void Check(GeneratorRun run, string constant, BigInteger expected)
    {
        var parts = constant.Split('.');
        var type = "Large.Llama+Cost" + (parts.Length > 1 ? "+" + parts[0] : "");
        var value = run.Constant(type, parts[^1]);
        Assert.Equal(expected, value is decimal total ? new BigInteger(total) : (long)value);
        // Nothing after the point, which a BigInteger would drop.
        Assert.True(value is not decimal number || number == decimal.Truncate(number));
    }
}
