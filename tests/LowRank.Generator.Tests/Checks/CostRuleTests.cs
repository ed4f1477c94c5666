using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

public sealed class CostRuleTests
{
    [Fact]
    public void A_sum_that_overflows_is_refused() =>
        Reported.Assert(
            Declarations.Model("vocabulary: 2_000_000_000, context: 64, width: 2_000_000_000, depth: 2_000_000_000"),
            new Reported(
                "LRK0501",
                "'Model' is too large to account for: a sum of parameters or FLOPs (vocabulary 2000000000, context 64, width 2000000000, depth 2000000000) exceeds 9223372036854775807",
                "Transformer(vocabulary: 2_000_000_000, context: 64, width: 2_000_000_000, depth: 2_000_000_000)"
            )
        );

    [Fact]
    public void A_training_total_that_overflows_is_refused() =>
        Reported.Assert(
            Declarations.Model("512, 64, 65536, 1000000", attributes: "[TrainingRun(9_000_000_000_000_000_000, 1)]"),
            new Reported(
                "LRK0501",
                "'Model' is too large to account for: a training total (tokens 9000000000000000000) exceeds 79228162514264337593543950335",
                "TrainingRun(9_000_000_000_000_000_000, 1)"
            )
        );

    [Fact]
    public void An_attention_width_that_overflows_is_refused() =>
        Reported.Assert(
            Declarations.Model(attention: "[Attention(heads: 65_536, HeadSize = 65_536)]"),
            new Reported(
                "LRK0501",
                "'Attention' is too large to account for: 65536 heads × head size 65536 exceeds 2147483647",
                "HeadSize = 65_536"
            )
        );

    [Fact]
    public void A_deep_model_is_accounted_for_without_walking_its_blocks() =>
        GeneratorRun
            .Of(Declarations.Model("512, 64, 64, 1_000_000_000", feedForward: "[FeedForward(256), LowRank(8, Layers = \"7..^9\")]"))
            .AssertClean();
}
