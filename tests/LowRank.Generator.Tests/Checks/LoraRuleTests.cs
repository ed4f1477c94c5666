using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

public sealed class LoraRuleTests
{
    [Fact]
    public void A_sound_declaration_compiles_on_property_and_class_and_prices_its_adapters()
    {
        var run = GeneratorRun.Of(
            Declarations.Model(
                attributes: "[LoRA(rank: 4, alpha: 8, Projections = Projections.Query | Projections.Value, Layers = \"2..\")]",
                feedForward: "[FeedForward(256)]\n[LoRA(8, 16, Layers = \"3..\", Projections = Projections.Up), LoRA(2, 16, Layers = \"3..\", Projections = Projections.Down)]"
            )
        );
        run.AssertClean();
        // Query and Value 64 → 64 in two blocks, Up 64 → 256 and Down 256 → 64 in one.
        Assert.Contains(
            $"TrainableParameters = {2 * 2 * 4 * 128 + 8 * 320 + 2 * 320:#,0}".Replace(',', '_'),
            run.File("Model-cost"),
            StringComparison.Ordinal
        );
        Assert.Contains("the backward pass ends at block 2", run.File("Model-cost"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rank_is_at_least_1() =>
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(256)]\n[LoRA(rank: 0, alpha: 16)]"),
            new Reported("LRK0701", "Rank 0 of the adapter of [LoRA] on 'FeedForward' is below 1", "rank: 0")
        );

    [Fact]
    public void A_rank_is_at_most_the_smaller_side() =>
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(256), LoRA(65, 16)]"),
            new Reported("LRK0701", "Rank 65 of the adapter of FeedForward.Up is above 64, the smaller side of its weight (64 → 256)", "65")
        );

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-1", "-1")]
    [InlineData("double.NaN", "NaN")]
    [InlineData("double.PositiveInfinity", "Infinity")]
    public void Alpha_is_above_0_and_finite(string written, string value) =>
        Reported.Assert(
            Declarations.Model(feedForward: $"[FeedForward(256), LoRA(8, alpha: {written})]"),
            new Reported(
                "LRK0702",
                $"alpha of [LoRA] on 'FeedForward' is {value}; adapters are multiplied by alpha/rank, and it must be above 0 and finite",
                $"alpha: {written}"
            )
        );

    [Theory]
    [InlineData("1.0", "1")]
    [InlineData("-0.1", "-0.1")]
    [InlineData("double.NaN", "NaN")]
    public void Dropout_lies_between_0_and_1(string written, string value) =>
        Reported.Assert(
            Declarations.Model(feedForward: $"[FeedForward(256), LoRA(8, 16, Dropout = {written})]"),
            new Reported(
                "LRK0703",
                $"Dropout of [LoRA] on 'FeedForward' is {value}; it is the fraction of an adapter's inputs that is dropped and must lie in [0, 1)",
                $"Dropout = {written}"
            )
        );

    [Fact]
    public void It_selects_something() =>
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(256), LoRA(8, 16, Projections = Projections.Query)]"),
            new Reported(
                "LRK0704",
                "[LoRA] on 'FeedForward' selects no linear layer: there are Up, Down",
                "LoRA(8, 16, Projections = Projections.Query)"
            )
        );

    [Fact]
    public void Two_at_one_place_do_not_select_the_same() =>
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(256), LoRA(8, 16, Layers = \"..3\"), LoRA(4, 16, Layers = \"2..\")]"),
            new Reported(
                "LRK0705",
                "[LoRA] on 'FeedForward' selects FeedForward.Up in block 2, which another [LoRA] there selects too; let each select its own",
                "LoRA(4, 16, Layers = \"2..\")"
            )
        );

    [Fact]
    public void A_factored_layer_is_not_adapted() =>
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(256), LowRank(16, Layers = \"2..\"), LoRA(8, 16)]"),
            new Reported(
                "LRK0706",
                "[LoRA] on 'FeedForward' selects FeedForward.Up in block 2, which [LowRank] factors to rank 16; adapters stand beside full-size weights alone, so let Layers or Projections of one leave it to the other, or remove one of them",
                "LoRA(8, 16)"
            )
        );
}
