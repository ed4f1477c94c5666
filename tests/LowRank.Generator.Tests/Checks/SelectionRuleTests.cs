using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

/// <summary>What a <c>[LowRank]</c> selects, and which blocks a sublayer stands in.</summary>
public sealed class SelectionRuleTests
{
    [Fact]
    public void Rank_and_ratio_exclude_each_other() => Reported.Assert(
        Declarations.Model(feedForward: "[FeedForward(256), LowRank(rank: 8, Ratio = 0.5)]"),
        new Reported("LRK0309", "[LowRank] on 'FeedForward' gives both rank 8 and Ratio 0.5; give one of the two", "Ratio = 0.5"));

    [Theory]
    [InlineData("1.5", "1.5")]
    [InlineData("0", "0")]
    [InlineData("double.NaN", "NaN")]
    public void A_ratio_is_a_fraction(string written, string shown) => Reported.Assert(
        Declarations.Model(feedForward: $"[FeedForward(256), LowRank(Ratio = {written})]"),
        new Reported(
            "LRK0310",
            $"Ratio is {shown}; it is the fraction of a linear layer's weights that its factors may hold and must lie in (0, 1]",
            $"Ratio = {written}"));

    [Fact]
    public void A_projection_must_be_there() => Reported.Assert(
        Declarations.Model(feedForward: "[FeedForward(256), LowRank(rank: 8, Projections = Projections.Up | Projections.Gate)]"),
        new Reported("LRK0312", "[LowRank] on 'FeedForward' names Gate, which is not there; there are Up, Down", "Projections = Projections.Up | Projections.Gate"));

    [Fact]
    public void Two_at_one_place_do_not_overlap() => Reported.Assert(
        Declarations.Model(feedForward: "[FeedForward(256), LowRank(rank: 8, Layers = \"..2\"), LowRank(rank: 16, Layers = \"1..\")]"),
        new Reported("LRK0311", "[LowRank] on 'FeedForward' selects FeedForward.Up in block 1, which the first [LowRank] there selects too; let each select its own", "LowRank(rank: 16, Layers = \"1..\")"));

    [Fact]
    public void Every_block_has_a_sublayer() => Reported.Assert(
        Declarations.Model(attention: "[Attention(4, Layers = \"1..\")]", feedForward: "[FeedForward(256, Layers = \"1..\")]"),
        new Reported("LRK0105", "The Layers of 'Model' leave block 0 without a sublayer; let those of one sublayer name it, or take it off the depth", "Model"));

    [Fact]
    public void The_nearest_declaration_wins_for_each_linear()
    {
        var source = Declarations.Model(attributes: "[LowRank(rank: 8)]", feedForward: "[FeedForward(256), LowRank(rank: 4, Projections = Projections.Up)]")
            .Replace("using LowRank;", "using LowRank;\n[assembly: LowRank(rank: 2)]", StringComparison.Ordinal);
        var run = GeneratorRun.Of(source);
        var code = string.Join("\n", run.Result.GeneratedSources.Select(generated => generated.SourceText.ToString()));
        Assert.Contains("Layers::LowRankLinear(64, 256, rank: 4", code, StringComparison.Ordinal);
        Assert.Contains("Layers::LowRankLinear(256, 64, rank: 8", code, StringComparison.Ordinal);
        Assert.DoesNotContain("rank: 2,", code, StringComparison.Ordinal);
        // The assembly's declaration is left with nothing, and that is said at its place.
        Assert.Equal("LRK0315", Assert.Single(run.Findings).Id);
        Assert.Contains("any of its 1 models", run.Findings[0].GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_is_named_once() => Reported.Assert(
        Declarations.Model(feedForward: "[FeedForward(256), LowRank(rank: 8, Layers = \"..1, ..2\")]"),
        new Reported("LRK0313", "Layers \"..1, ..2\" names block 0 twice, by \"..1\" and by \"..2\"", "Layers = \"..1, ..2\""));

    [Fact]
    public void A_window_larger_than_the_context_hides_nothing() => Reported.Assert(
        Declarations.Model(attention: "[Attention(4, Window = 100_000)]"),
        new Reported(
            "LRK0208",
            "Window 100000 of 'Attention' is larger than the context 64, so that every token sees all before it; narrow it or leave it out",
            "Window = 100_000"));

    [Theory]
    [InlineData("[FeedForward(256), LowRank(Ratio = 0.5)]")]
    [InlineData("[FeedForward(256), LowRank(rank: 8, Projections = Projections.Up)]")]
    [InlineData("[FeedForward(256), LowRank(rank: 8, Layers = \"..1\"), LowRank(rank: 16, Layers = \"1..\")]")]
    [InlineData("[FeedForward(256), LowRank(rank: 8, Projections = Projections.Up), LowRank(rank: 16, Projections = Projections.Down)]")]
    public void What_fits_is_not_mentioned(string feedForward) => Reported.Assert(Declarations.Model(feedForward: feedForward));
}
