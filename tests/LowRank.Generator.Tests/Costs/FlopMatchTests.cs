using LowRank.Generator.Checks;
using LowRank.Generator.Costs;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;
using LowRank.Generator.Tests.Emission;
using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Costs;

/// <summary>The dense model of a factored one's forward FLOPs, against dense models that are declared as such.</summary>
public sealed class FlopMatchTests
{
    [Fact]
    public void The_paper_s_model_has_a_dense_one_of_exactly_its_flops()
    {
        // 24 blocks of hidden size h cost 24·2·2·2048·h; without hidden layers the dense model costs 2,748,317,696 − 24·2·2·2048·8192.
        var run = GeneratorRun.Of(Declarations.PaperXl).AssertClean();
        Assert.Equal(2_169_503_744L, run.Constant("Papers.PaperXl+FlopMatched+Cost", "ForwardFlopsPerToken"));
        Assert.Equal(2_169_503_744L, 2_748_317_696L - 196_608L * 8_192 + 196_608L * 5_248);
        // Two weights a hidden unit and block, and its bias.
        Assert.Equal(
            1_274_138_624L - 24L * (2 * 2_048 + 1) * (8_192 - 5_248),
            run.Constant("Papers.PaperXl+FlopMatched+Cost", "Parameters")
        );
        Assert.Contains(
            "The dense model of PaperXl's forward FLOPs: every low rank removed, hidden sizes scaled (FeedForward 5,248 instead of 8,192). "
                + "It costs 100 % of the factored model's forward FLOPs per token (paper convention, once every guide is gone).",
            run.File("PaperXl"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    // Factors in all blocks: r·(64 + 256)/64 for rank r.
    [InlineData("[FeedForward(256), LowRank(16)]", "", 80)]
    // (3·15·320 + 64·256)/(4·64) = 120.25.
    [InlineData("[FeedForward(256), LowRank(15, Layers = \"1..\")]", "", 120)]
    // A block's hidden layers hold 2·20·576 weights, and its dense attention needs 4·(64·64 − 7·128) of them.
    [InlineData("[FeedForward(512), LowRank(20)]", "[LowRank(7)]", 80)]
    // (3·9·320 − 4·(64·64 − 31·128))/(3·64) = 42.3.
    [InlineData("[FeedForward(256, Gated = true), LowRank(9)]", "[LowRank(31)]", 42)]
    // A rank that saves nothing has a wider one.
    [InlineData("[FeedForward(256), LowRank(60)]", "", 300)]
    public void One_unit_more_would_cost_more_than_the_factored_model(string feedForward, string onClass, int hidden)
    {
        var run = GeneratorRun.Of(Declarations.Model(attributes: "[DenseBaseline]" + onClass, feedForward: feedForward));
        var factored = Flops(run, "Declared.Model+Cost");
        var matched = Flops(run, "Declared.Model+FlopMatched+Cost");
        Assert.Equal(matched, Dense(hidden));
        Assert.InRange(factored, matched, Dense(hidden + 1) - 1);

        long Dense(int size) =>
            Flops(
                GeneratorRun
                    .Of(
                        Declarations.Model(
                            feedForward: $"[FeedForward({size}{(feedForward.Contains("Gated", StringComparison.Ordinal) ? ", Gated = true" : "")})]"
                        )
                    )
                    .AssertClean(),
                "Declared.Model+Cost"
            );
    }

    [Fact]
    public void How_near_it_comes_is_said_rounded_down()
    {
        // 385,024 of 385,280 FLOPs.
        var run = GeneratorRun.Of(
            Declarations.Model(attributes: "[DenseBaseline]", feedForward: "[FeedForward(256), LowRank(15, Layers = \"1..\")]")
        );
        Assert.Equal((385_280L, 385_024L), (Flops(run, "Declared.Model+Cost"), Flops(run, "Declared.Model+FlopMatched+Cost")));
        Assert.Contains("It costs 99.93 % of the factored model's", run.File("Declared.Model"), StringComparison.Ordinal);
    }

    [Fact]
    public void All_hidden_sizes_are_scaled_by_one_factor()
    {
        var matched = 0;
        foreach (var costed in DiverseDeclarations.All.Where(pair => pair.Key != "Hostile").SelectMany(pair => Costed(pair.Value)))
        {
            if (costed.FlopMatch is not { Model: { } model } match)
                continue;
            matched++;
            var hidden = Hidden(costed.Model);
            var largest = hidden.Max();
            var size = Hidden(model.Model)[hidden.IndexOf(largest)];
            Assert.Equal(hidden.Select(declared => Scaled(declared, size)), Hidden(model.Model));
            Assert.InRange(model.Costs.Total.ForwardFlopsPerToken, 1, costed.Costs.Total.ForwardFlopsPerToken);
            Assert.Equal((decimal)model.Costs.Total.ForwardFlopsPerToken / costed.Costs.Total.ForwardFlopsPerToken, match.Share);
            var wider = ShapeInference.DenseWithHidden(costed.Model, declared => Scaled(declared, size + 1));
            Assert.True(ModelCosts.Of(wider).Total.ForwardFlopsPerToken > costed.Costs.Total.ForwardFlopsPerToken);

            int Scaled(int declared, int to) => Math.Max(1, declared * to / largest);
        }

        Assert.True(matched >= 2, $"{matched} models");

        static List<int> Hidden(TransformerModel model) =>
            [.. model.Sublayers.Where(sublayer => sublayer.FeedForward is not null).Select(sublayer => sublayer.FeedForward!.Hidden)];
    }

    private static long Flops(GeneratorRun run, string cost) => (long)run.Constant(cost, "ForwardFlopsPerToken");

    private static IEnumerable<CostedTransformer> Costed(string source) =>
        GeneratorRun
            .Of(source)
            .Result.TrackedSteps[TrackingNames.Checked]
            .SelectMany(step => step.Outputs)
            .Select(output => output.Value)
            .OfType<Checked<TransformerDeclaration, CostedTransformer>>()
            .Select(declared => declared.Costed!);
}
