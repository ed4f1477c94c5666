using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

public sealed class LowRankRuleTests
{
    [Fact]
    public void A_rank_is_at_least_1() =>
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(256)]\n[LowRank(rank: 0)]"),
            new Reported("LRK0301", "Rank 0 of [LowRank] on 'FeedForward' is below 1", "rank: 0")
        );

    [Fact]
    public void A_rank_is_at_most_the_smaller_side() =>
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(256), LowRank(65)]"),
            new Reported("LRK0301", "Rank 65 of FeedForward.Up is above 64, the smaller side of its weight (64 → 256)", "65")
        );

    [Fact]
    public void A_rank_on_the_class_is_held_against_every_shape_that_it_selects() =>
        Reported.Assert(
            Declarations.Model(attributes: "[LowRank(rank: 40, Layers = \"2..\")]", attention: "[Attention(heads: 4, KeyValueHeads = 2)]"),
            new(
                "LRK0302",
                "Rank 40 of Attention.Query (64 → 64) is at or above the break-even 32: the factors hold 5120 weights, the layer they replace 4096",
                "rank: 40"
            ),
            new("LRK0301", "Rank 40 of Attention.Key is above 32, the smaller side of its weight (64 → 32)", "rank: 40")
        );

    [Theory]
    [InlineData(52, true)]
    [InlineData(51, false)]
    public void A_rank_at_the_break_even_saves_nothing(int rank, bool warns)
    {
        // 64·256 / (64+256) = 51.2.
        var source = Declarations.Model(feedForward: $"[FeedForward(256), LowRank({rank})]");
        if (warns)
        {
            var message =
                "Rank 52 of FeedForward.Up (64 → 256) is at or above the break-even 51.2: the factors hold 16640 weights, the layer they replace 16384";
            Assert.Empty(Reported.Assert(source, new Reported("LRK0302", message, "52")).CompilerDiagnostics);
        }
        else
        {
            GeneratorRun.Of(source).AssertClean();
        }
    }

    [Fact]
    public void A_rank_just_at_the_break_even_saves_nothing() =>
        Reported.Assert(
            Declarations.Model(attention: "[Attention(4), LowRank(32)]"),
            new Reported(
                "LRK0302",
                "Rank 32 of Attention.Query (64 → 64) is at or above the break-even 32: the factors hold 4096 weights, the layer they replace 4096",
                "32"
            )
        );

    [Theory]
    [InlineData("0.0", "0")]
    [InlineData("1.01", "1.01")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("double.NaN", "NaN")]
    public void The_phase_out_lies_between_0_and_1(string written, string value) =>
        Reported.Assert(
            Declarations.Model(feedForward: $"[FeedForward(256), LowRank(8, phaseOut: {written})]"),
            new Reported(
                "LRK0303",
                $"phaseOut is {value}; it is the fraction of training after which the guide is gone and must lie in (0, 1]",
                $"phaseOut: {written}"
            )
        );

    [Theory]
    [InlineData("\"1\"", "\"1\"")]
    [InlineData("\"a..b\"", "\"a..b\"")]
    [InlineData("\"1...2\"", "\"1...2\"")]
    [InlineData("\"-1..\"", "\"-1..\"")]
    [InlineData("\"\"", "\"\"")]
    [InlineData("\"1.., \"", "\"1.., \"")]
    [InlineData("\"1:2\"", "\"1:2\"")]
    [InlineData("null!", "null")]
    public void Layers_are_a_range(string written, string shown) =>
        Reported.Assert(
            Declarations.Model(feedForward: $"[FeedForward(256), LowRank(8, Layers = {written})]"),
            new Reported(
                "LRK0304",
                $"Layers is {shown}, which is not a list of C# ranges over the depth; write for example \"1..\", \"..^1\", \"2..6\" or \"..2, 1..:2\"",
                $"Layers = {written}"
            )
        );

    [Theory]
    [InlineData("5..", 5, 4)]
    [InlineData("2..6", 2, 6)]
    [InlineData("^5..", -1, 4)]
    public void Layers_lie_within_the_depth(string layers, int first, int last) =>
        Reported.Assert(
            Declarations.Model(feedForward: $"[FeedForward(256), LowRank(8, Layers = \"{layers}\")]"),
            new Reported(
                "LRK0305",
                $"Layers \"{layers}\" runs from block {first} to before block {last}, outside the 4 blocks of 'Model'; give a range within \"0..4\"",
                $"Layers = \"{layers}\""
            )
        );

    [Theory]
    [InlineData("4..", 4, 4)]
    [InlineData("2..2", 2, 2)]
    [InlineData("3..1", 3, 1)]
    [InlineData("^1..^2", 3, 2)]
    public void Layers_are_not_empty(string layers, int first, int last) =>
        Reported.Assert(
            Declarations.Model(feedForward: $"[FeedForward(256), LowRank(8, Layers = \"{layers}\")]"),
            new Reported(
                "LRK0306",
                $"Layers \"{layers}\" selects no block: it runs from block {first} to before block {last}; let it end behind where it begins, as \"2..3\" does, which is block 2",
                $"Layers = \"{layers}\""
            )
        );

    [Fact]
    public void A_low_rank_on_the_class_selects_something() =>
        Reported.Assert(
            Declarations.Model(
                attributes: "[LowRank(8)]",
                attention: "[Attention(4), Dense]",
                feedForward: "[FeedForward(256), LowRank(16)]"
            ),
            new Reported(
                "LRK0307",
                "[LowRank] on 'Model' selects no linear layer: what it could select is exempt by [Dense] or selected by a nearer [LowRank]",
                "LowRank(8)"
            )
        );

    [Fact]
    public void A_low_rank_on_a_property_without_a_kind_selects_nothing() =>
        Reported.Assert(
            Declarations.Model(members: "[LowRank(8)] public partial Sublayer Second { get; }"),
            new("LRK0104", "'Second' is a partial Sublayer without a kind; add [Attention], [FeedForward] or [Part]", "Second"),
            new(
                "LRK0307",
                "[LowRank] on 'Second' selects no linear layer: the property carries neither [Attention] nor [FeedForward]",
                "LowRank(8)"
            )
        );

    [Fact]
    public void A_sublayer_is_not_dense_and_low_rank_at_once() =>
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(256), LowRank(8), Dense]"),
            new Reported("LRK0308", "'FeedForward' carries both [Dense] and [LowRank]; remove one of them", "Dense")
        );

    [Fact]
    public void What_is_wrong_beside_a_wrong_range_is_still_found() =>
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(256), LowRank(100, phaseOut: 2, Layers = \"9..\")]"),
            new("LRK0301", "Rank 100 of FeedForward.Up is above 64, the smaller side of its weight (64 → 256)", "100"),
            new(
                "LRK0303",
                "phaseOut is 2; it is the fraction of training after which the guide is gone and must lie in (0, 1]",
                "phaseOut: 2"
            ),
            new(
                "LRK0305",
                "Layers \"9..\" runs from block 9 to before block 4, outside the 4 blocks of 'Model'; give a range within \"0..4\"",
                "Layers = \"9..\""
            )
        );
}
