using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

/// <summary>What a <c>[LowRank]</c> selects, and which blocks a sublayer stands in.</summary>
public sealed class SelectionRuleTests
{
    [Fact]
    public void Rank_and_ratio_exclude_each_other() =>
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(256), LowRank(rank: 8, Ratio = 0.5)]"),
            new Reported("LRK0309", "[LowRank] on 'FeedForward' gives both rank 8 and Ratio 0.5; give one of the two", "Ratio = 0.5")
        );

    [Theory]
    [InlineData("1.5", "1.5")]
    [InlineData("0", "0")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("double.NaN", "NaN")]
    public void A_ratio_is_a_fraction(string written, string shown) =>
        Reported.Assert(
            Declarations.Model(feedForward: $"[FeedForward(256), LowRank(Ratio = {written})]"),
            new Reported(
                "LRK0310",
                $"Ratio is {shown}; it is the fraction of a linear layer's weights that its factors may hold and must lie in (0, 1]",
                $"Ratio = {written}"
            )
        );

    [Fact]
    public void A_projection_must_be_there() =>
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(256), LowRank(rank: 8, Projections = Projections.Up | Projections.Gate)]"),
            new Reported(
                "LRK0312",
                "[LowRank] on 'FeedForward' names Gate, which is not there; there are Up, Down",
                "Projections = Projections.Up | Projections.Gate"
            )
        );

    [Fact]
    public void Two_at_one_place_do_not_overlap() =>
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(256), LowRank(rank: 8, Layers = \"..2\"), LowRank(rank: 16, Layers = \"1..\")]"),
            new Reported(
                "LRK0311",
                "[LowRank] on 'FeedForward' selects FeedForward.Up in block 1, which the first [LowRank] there selects too; let each select its own",
                "LowRank(rank: 16, Layers = \"1..\")"
            )
        );

    [Fact]
    public void Every_block_has_a_sublayer() =>
        Reported.Assert(
            Declarations.Model(attention: "[Attention(4, Layers = \"1..\")]", feedForward: "[FeedForward(256, Layers = \"1..\")]"),
            new Reported(
                "LRK0105",
                "The Layers of 'Model' leave block 0 without a sublayer; let those of one sublayer name it, or take it off the depth",
                "Model"
            )
        );

    [Fact]
    public void The_nearest_declaration_wins_for_each_linear()
    {
        var source = Declarations
            .Model(attributes: "[LowRank(rank: 8)]", feedForward: "[FeedForward(256), LowRank(rank: 4, Projections = Projections.Up)]")
            .Replace("using LowRank;", "using LowRank;\n[assembly: LowRank(rank: 2)]", StringComparison.Ordinal);
        var run = GeneratorRun.Of(source);
        var code = string.Join("\n", run.Result.GeneratedSources.Select(generated => generated.SourceText.ToString()));
        Assert.Contains("Layers::LowRankLinear(64, 256, rank: 4", code, StringComparison.Ordinal);
        Assert.Contains("Layers::LowRankLinear(256, 64, rank: 8", code, StringComparison.Ordinal);
        Assert.DoesNotContain("rank: 2,", code, StringComparison.Ordinal);
        // The assembly's declaration is left with nothing, and that is said at its place.
        Assert.Equal(
            new Reported("LRK0315", "[LowRank] on the assembly selects no linear layer of its only model", "LowRank(rank: 2)"),
            Reported.Of(Assert.Single(run.Findings))
        );
    }

    [Fact]
    public void A_low_rank_on_the_assembly_that_no_model_takes_up_is_told_once() =>
        Reported.Assert(
            "using LowRank;\n[assembly: LowRank(rank: 2, Projections = Projections.Gate)]\n" + TwoModels,
            new Reported(
                "LRK0315",
                "[LowRank] on the assembly selects no linear layer of any of its 2 models",
                "LowRank(rank: 2, Projections = Projections.Gate)"
            )
        );

    [Theory]
    // One of the models has what it selects, the other has not; blocks that one does not have are another's.
    [InlineData("rank: 2, Projections = Projections.Query")]
    [InlineData("rank: 2, Layers = \"5..\"")]
    public void A_low_rank_on_the_assembly_that_one_model_takes_up_is_not_mentioned(string arguments) =>
        Reported.Assert($"using LowRank;\n[assembly: LowRank({arguments})]\n" + TwoModels);

    [Fact]
    public void A_low_rank_on_the_assembly_factors_what_no_nearer_one_exempts()
    {
        var run = GeneratorRun
            .Of(OnAssembly("rank: 8, Layers = \"1..\"", Declarations.Model(attention: "[Attention(4), Dense]")))
            .AssertClean();
        Assert.Contains("Layers::LowRankLinear(64, 256, rank: 8", run.File("Model.g"), StringComparison.Ordinal);
        Assert.DoesNotContain("LowRankLinear(64, 64", run.File("Model.g"), StringComparison.Ordinal);
        // 3 of 4 blocks, two linears each of 8·(64 + 256) weights instead of 64·256.
        Assert.Equal(262_720L - 3 * 2 * (64 * 256 - 8 * (64 + 256)), run.Constant("Declared.Model+Cost", "Parameters"));
    }

    [Fact]
    public void Dense_is_not_without_effect_beside_a_low_rank_on_the_assembly() =>
        Assert.DoesNotContain(
            GeneratorRun.Of(OnAssembly("rank: 8", Declarations.Model(attention: "[Attention(4), Dense]"))).Notes,
            note => note.Id == "LRK0506"
        );

    [Fact]
    public void A_low_rank_on_the_assembly_is_exempt_from_nothing_by_dense_on_everything() =>
        Reported.Assert(
            OnAssembly("rank: 8", Declarations.Model(attention: "[Attention(4), Dense]", feedForward: "[FeedForward(256), Dense]")),
            new Reported("LRK0315", "[LowRank] on the assembly selects no linear layer of its only model", "LowRank(rank: 8)")
        );

    [Fact]
    public void A_low_rank_on_the_assembly_is_held_to_the_rules_of_ranks() =>
        Reported.Assert(
            OnAssembly("rank: 65, Projections = Projections.Up", Declarations.Model()),
            new Reported("LRK0301", "Rank 65 of Model.FeedForward.Up is above 64, the smaller side of its weight (64 → 256)", "rank: 65")
        );

    [Theory]
    [InlineData("[FeedForward(256), LowRank(phaseOut: 0.5)]", "", "FeedForward", "LowRank(phaseOut: 0.5)")]
    [InlineData("[FeedForward(256)]", "[LowRank(Guide = Guide.None)]", "Model", "LowRank(Guide = Guide.None)")]
    public void Either_a_rank_or_a_ratio_is_given(string feedForward, string attributes, string owner, string at) =>
        Reported.Assert(
            Declarations.Model(attributes: attributes, feedForward: feedForward),
            new Reported("LRK0309", $"[LowRank] on '{owner}' gives neither a rank nor a Ratio; give one of the two", at)
        );

    [Fact]
    public void A_low_rank_on_the_assembly_gives_a_rank_too() =>
        Reported.Assert(
            OnAssembly("Layers = \"1..\"", Declarations.Model()),
            new Reported(
                "LRK0309",
                "[LowRank] on 'assembly' gives neither a rank nor a Ratio; give one of the two",
                "LowRank(Layers = \"1..\")"
            )
        );

    [Fact]
    public void A_ratio_that_leaves_no_rank_is_refused() =>
        Reported.Assert(
            // 0.01 · 64·256 / (64 + 256) = 0.5.
            Declarations.Model(feedForward: "[FeedForward(256), LowRank(Ratio = 0.01)]"),
            new Reported(
                "LRK0301",
                "Rank 0 of FeedForward.Up is below 1: rank 1 holds 320 weights, more than a Ratio of 0.01 allows of 16384",
                "Ratio = 0.01"
            )
        );

    [Fact]
    public void A_ratio_that_leaves_a_rank_of_1_is_kept() =>
        Reported.Assert(Declarations.Model(feedForward: "[FeedForward(256), LowRank(Ratio = 0.02)]"));

    [Fact]
    public void Projections_on_the_class_are_of_some_sublayer() =>
        Reported.Assert(
            Declarations.Model(attributes: "[LowRank(rank: 8, Projections = Projections.Gate | Projections.Query)]"),
            new Reported(
                "LRK0312",
                "[LowRank] on 'Model' names Gate, which is not there; there are Query, Key, Value, Output, Up, Down",
                "Projections = Projections.Gate | Projections.Query"
            )
        );

    [Theory]
    [InlineData("[FeedForward(256, Gated = true)]", "Projections.Gate | Projections.Query")]
    [InlineData("[FeedForward(256)]", "Projections.All")]
    public void Projections_that_are_there_are_not_mentioned(string feedForward, string projections) =>
        Reported.Assert(Declarations.Model(attributes: $"[LowRank(rank: 8, Projections = {projections})]", feedForward: feedForward));

    [Fact]
    public void Two_on_the_class_do_not_overlap() =>
        Reported.Assert(
            Declarations.Model(
                attributes: "[LowRank(8, Layers = \"..1\")] [LowRank(8, Layers = \"1..2\")] [LowRank(rank: 16, Layers = \"1..\", Projections = Projections.Key)]"
            ),
            new Reported(
                "LRK0311",
                "[LowRank] on 'Model' selects Attention.Key in block 1, which the second [LowRank] there selects too; let each select its own",
                "LowRank(rank: 16, Layers = \"1..\", Projections = Projections.Key)"
            )
        );

    [Fact]
    public void Strided_ranges_name_a_block_once() =>
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(256), LowRank(rank: 8, Layers = \"..:2, 1..:2, 2..3\")]"),
            new Reported(
                "LRK0313",
                "Layers \"..:2, 1..:2, 2..3\" names block 2 twice, by \"..:2\" and by \"2..3\"",
                "Layers = \"..:2, 1..:2, 2..3\""
            )
        );

    [Fact]
    public void Ranges_of_a_sublayer_name_a_block_once() =>
        Reported.Assert(
            Declarations.Model(attention: "[Attention(4, Layers = \"..2, 1..\")]"),
            new Reported("LRK0313", "Layers \"..2, 1..\" names block 1 twice, by \"..2\" and by \"1..\"", "Layers = \"..2, 1..\"")
        );

    [Theory]
    [InlineData("[Attention(4, Layers = \"..2\")]", "[FeedForward(256, Layers = \"1..2\")]", "2 of its 4 blocks, block 2 first,")]
    [InlineData("[Attention(4, Layers = \"..:2\")]", "[FeedForward(256, Layers = \"..1\")]", "2 of its 4 blocks, block 1 first,")]
    [InlineData("[Attention(4, Layers = \"..^1\")]", "[FeedForward(256, Layers = \"1..2\")]", "block 3")]
    public void Blocks_without_a_sublayer_are_counted(string attention, string feedForward, string blocks) =>
        Reported.Assert(
            Declarations.Model(attention: attention, feedForward: feedForward),
            new Reported(
                "LRK0105",
                $"The Layers of 'Model' leave {blocks} without a sublayer; let those of one sublayer name it, or take it off the depth",
                "Model"
            )
        );

    [Fact]
    public void Blocks_that_have_one_between_them_are_not_mentioned() =>
        Reported.Assert(
            Declarations.Model(attention: "[Attention(4, Layers = \"..:2\")]", feedForward: "[FeedForward(256, Layers = \"1..:2\")]")
        );

    [Fact]
    public void Strides_return_to_where_they_began() =>
        Reported.Assert(
            Declarations.Model(
                "512, 64, 64, depth: 64",
                feedForward: "[FeedForward(256), LowRank(8, Layers = \"..:37\"), LowRank(16, Layers = \"1..:41\")]"
            ),
            new Reported(
                "LRK0314",
                "The strides 37, 41 of 'Model' return to where they began only after more than 1024 blocks; use strides with common factors",
                "Layers = \"1..:41\""
            )
        );

    [Fact]
    // 31 · 32 = 992.
    public void Strides_that_return_in_time_are_not_mentioned() =>
        Reported.Assert(
            Declarations.Model(
                "512, 64, 64, depth: 64",
                feedForward: "[FeedForward(256), LowRank(8, Layers = \"..:31\"), LowRank(16, Layers = \"1..:32\")]"
            )
        );

    [Fact]
    public void A_window_of_the_whole_context_is_not_mentioned() =>
        Reported.Assert(Declarations.Model(attention: "[Attention(4, Window = 64)]"));

    [Fact]
    public void A_window_is_at_least_one_token_wide() =>
        Reported.Assert(
            Declarations.Model(attention: "[Attention(4, Window = 0)]"),
            new Reported("LRK0201", "Window of 'Attention' is 0; it must be at least 1", "Window = 0")
        );

    [Theory]
    // One message is enough: what selects nothing because it is no value is not told that it selects nothing.
    [InlineData("(Projections)0", "0")]
    [InlineData("(Projections)1024", "1024")]
    [InlineData("Projections.Up | (Projections)1024", "1056")]
    public void Projections_are_values_of_their_enum(string written, string number) =>
        Reported.Assert(
            Declarations.Model(feedForward: $"[FeedForward(256), LowRank(8, Projections = {written})]"),
            new Reported(
                "LRK0207",
                $"Projections is {number}, which is no value of Projections; use one of Query, Key, Value, Output, Gate, Up, Down, QueryDown, KeyValueDown, All",
                $"Projections = {written}"
            )
        );

    [Fact]
    public void A_block_is_named_once() =>
        Reported.Assert(
            Declarations.Model(feedForward: "[FeedForward(256), LowRank(rank: 8, Layers = \"..1, ..2\")]"),
            new Reported("LRK0313", "Layers \"..1, ..2\" names block 0 twice, by \"..1\" and by \"..2\"", "Layers = \"..1, ..2\"")
        );

    [Fact]
    public void A_window_larger_than_the_context_hides_nothing() =>
        Reported.Assert(
            Declarations.Model(attention: "[Attention(4, Window = 100_000)]"),
            new Reported(
                "LRK0208",
                "Window 100000 of 'Attention' is larger than the context 64, so that every token sees all before it; narrow it or leave it out",
                "Window = 100_000"
            )
        );

    [Theory]
    [InlineData("[FeedForward(256), LowRank(Ratio = 0.5)]")]
    [InlineData("[FeedForward(256), LowRank(Ratio = 1.0)]")]
    [InlineData("[FeedForward(256), LowRank(rank: 8, Projections = Projections.Up)]")]
    [InlineData("[FeedForward(256), LowRank(rank: 8, Layers = \"..1\"), LowRank(rank: 16, Layers = \"1..\")]")]
    [InlineData("[FeedForward(256), LowRank(rank: 8, Projections = Projections.Up), LowRank(rank: 16, Projections = Projections.Down)]")]
    public void What_fits_is_not_mentioned(string feedForward) => Reported.Assert(Declarations.Model(feedForward: feedForward));

    private const string TwoModels = """
        [Transformer(512, 64, 64, 4)]
        public partial class First
        {
            /// <summary>Feeds forward.</summary>
            [FeedForward(256)] public partial Sublayer FeedForward { get; }
        }
        [Transformer(512, 64, 64, 8)]
        public partial class Second
        {
            /// <summary>Attends.</summary>
            [Attention(4)] public partial Sublayer Attention { get; }
        }
        """;

    private static string OnAssembly(string arguments, string model) =>
        model.Replace("using LowRank;", $"using LowRank;\n[assembly: LowRank({arguments})]", StringComparison.Ordinal);
}
