using LowRank.Generator.Checks;
using LowRank.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Tests.Checks;

/// <summary>What is said about a rank that is in order.</summary>
public sealed class RankNoteTests
{
    [Fact]
    public void A_rank_has_a_price() =>
        AssertNotes(
            Declarations.PaperXl,
            // 2·23 layers of 12,582,912 of 2,748,317,696 FLOPs per token are 21.1 %.
            // 1024·(2048 + 8192) = 10,485,760 of 16,777,216; 2·(16,777,216 − 10,485,760) = 12,582,912.
            new Reported(
                "LRK0320",
                "Rank 1,024 of FeedForward.Up (2,048 → 8,192) keeps 62.5 % of 16,777,216 weights and saves 12,582,912 forward FLOPs per token once the guide is gone; break-even is 1,638.4; all of this [LowRank] saves 21.1 % of the dense model's forward FLOPs",
                "LowRank(rank: 1_024, phaseOut: 0.5, Layers = \"1..\")"
            )
        );

    [Fact]
    public void A_run_without_sequences_leaves_the_price_as_it_is()
    {
        var notes = Notes("[TrainingRun(1_000_000, 16)]");
        Assert.NotEmpty(notes);
        Assert.Equal(notes, Notes("[TrainingRun(1_000_000, 0)]"));

        static List<string> Notes(string run) =>
            [
                .. GeneratorRun
                    .Of(Declarations.Model(attributes: run, feedForward: "[FeedForward(256), LowRank(16)]"))
                    .Notes.Where(finding => finding.Id == "LRK0320")
                    .Select(finding => finding.GetMessage(System.Globalization.CultureInfo.InvariantCulture)),
            ];
    }

    [Fact]
    public void A_rank_has_a_price_for_every_shape_of_weight() =>
        AssertNotes(
            Declarations.Model(attributes: "[LowRank(16)]", attention: "[Attention(heads: 4, KeyValueHeads = 2)]"),
            new(
                "LRK0320",
                "Rank 16 of Attention.Query (64 → 64) keeps 50 % of 4,096 weights and saves 4,096 forward FLOPs per token once the guide is gone; break-even is 32; all of this [LowRank] saves 45 % of the dense model's forward FLOPs",
                "LowRank(16)"
            ),
            new(
                "LRK0320",
                "Rank 16 of Attention.Key (64 → 32) keeps 75 % of 2,048 weights and saves 1,024 forward FLOPs per token once the guide is gone; break-even is 21.3; all of this [LowRank] saves 45 % of the dense model's forward FLOPs",
                "LowRank(16)"
            ),
            new(
                "LRK0320",
                "Rank 16 of FeedForward.Up (64 → 256) keeps 31.3 % of 16,384 weights and saves 22,528 forward FLOPs per token once the guide is gone; break-even is 51.2; all of this [LowRank] saves 45 % of the dense model's forward FLOPs",
                "LowRank(16)"
            )
        );

    [Fact]
    public void A_bias_is_not_part_of_the_price() =>
        AssertNotes(
            Declarations.Model("512, 64, 64, 4, Bias = Bias.All", feedForward: "[FeedForward(256), LowRank(16)]"),
            new Reported(
                "LRK0320",
                "Rank 16 of FeedForward.Up (64 → 256) keeps 31.3 % of 16,384 weights and saves 22,528 forward FLOPs per token once the guide is gone; break-even is 51.2; all of this [LowRank] saves 34.4 % of the dense model's forward FLOPs",
                "LowRank(16)"
            )
        );

    [Fact]
    public void A_rank_without_a_guide_saves_from_the_first_step() =>
        AssertNotes(
            Declarations.Model(feedForward: "[FeedForward(256), LowRank(16, Guide = Guide.None)]"),
            new Reported(
                "LRK0320",
                "Rank 16 of FeedForward.Up (64 → 256) keeps 31.3 % of 16,384 weights and saves 22,528 forward FLOPs per token; break-even is 51.2; all of this [LowRank] saves 34.4 % of the dense model's forward FLOPs",
                "LowRank(16, Guide = Guide.None)"
            )
        );

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(100)]
    public void A_rank_that_saves_nothing_has_no_price(int rank) =>
        AssertNotes(Declarations.Model(feedForward: $"[FeedForward(256), LowRank({rank})]"));

    [Fact]
    public void A_rank_off_the_tile_grid_hears_of_its_neighbors() =>
        AssertGrid(
            Declarations.PaperXl.Replace("rank: 1_024", "rank: 1_000", StringComparison.Ordinal),
            new Reported("LRK0321", "Rank 1000 is no multiple of 64, so kernels pad it; nearest on the grid: 960 and 1024", "rank: 1_000")
        );

    [Fact]
    public void A_neighbor_that_saves_nothing_is_not_named() =>
        AssertGrid(
            // Break-even is 51.2; 64 would be the next one up.
            Declarations.Model(feedForward: "[FeedForward(256), LowRank(50)]"),
            new Reported("LRK0321", "Rank 50 is no multiple of 16, so kernels pad it; nearest on the grid: 48", "50")
        );

    [Fact]
    public void The_ranks_of_a_ratio_hear_of_their_neighbors() =>
        AssertGrid(
            // 0.5 · 51.2 = 25.6 of the feed-forward's shape; 0.5 · 32 = 16 of the attention's is on the grid.
            Declarations.Model(attributes: "[LowRank(Ratio = 0.5)]"),
            new Reported(
                "LRK0321",
                "Rank 25 of FeedForward.Up is no multiple of 8, so kernels pad it; nearest on the grid: 24 and 32",
                "Ratio = 0.5"
            )
        );

    [Fact]
    public void A_ratio_whose_ranks_are_on_the_grid_is_left_alone() =>
        AssertGrid(Declarations.Model(feedForward: "[FeedForward(256), LowRank(Ratio = 0.48)]"));

    [Fact]
    public void What_several_models_have_to_say_about_the_assembly_is_said_once() =>
        AssertGrid(
            "using LowRank;\n[assembly: LowRank(20)]\n"
                + string.Concat(
                    Enumerable
                        .Range(0, 3)
                        .Select(index =>
                            $"[Transformer(512, 64, 64, 4)] public partial class Model{index} {{ [FeedForward(256)] public partial Sublayer FeedForward {{ get; }} }}\n"
                        )
                ),
            new Reported("LRK0321", "Rank 20 is no multiple of 8, so kernels pad it; nearest on the grid: 16 and 24", "20")
        );

    [Theory]
    [InlineData(8)]
    [InlineData(24)]
    [InlineData(48)]
    public void A_rank_on_the_grid_is_left_alone(int rank) =>
        AssertGrid(Declarations.Model(feedForward: $"[FeedForward(256), LowRank({rank})]"));

    [Theory]
    [InlineData(5, 5)]
    [InlineData(31, 24)]
    [InlineData(51, 48)]
    [InlineData(100, 96)]
    [InlineData(1638, 1600)]
    public void The_largest_aligned_rank_below_a_limit(int limit, int expected) => Assert.Equal(expected, AlignedRanks.AtMost(limit));

    [Theory]
    [InlineData("LRK0320")]
    [InlineData("LRK0321")]
    public void A_note_is_turned_off_in_editorconfig(string id)
    {
        var compilation = TestCompilation.Of(Declarations.Model(feedForward: "[FeedForward(256), LowRank(20)]"));
        Assert.Contains(GeneratorRun.Of(compilation).Notes, note => note.Id == id);
        var options = compilation.Options.WithSyntaxTreeOptionsProvider(new EditorConfig(id, ReportDiagnostic.Suppress));
        Assert.DoesNotContain(GeneratorRun.Of(compilation.WithOptions(options)).Notes, note => note.Id == id);
    }

    [Fact]
    public void A_model_too_large_to_be_priced_is_refused_and_its_ranks_are_noted_all_the_same()
    {
        var run = GeneratorRun.Of(
            Declarations.Model("vocabulary: 512, context: 64, width: int.MaxValue - 1, depth: 3", attention: "[Attention(1), LowRank(8)]")
        );
        Assert.Contains(run.Findings, finding => finding.Id == "LRK0501");
        Assert.Contains(run.Notes, note => note.Id == "LRK0320");
        // What an analyzer throws is a diagnostic, too.
        Assert.DoesNotContain(run.Notes, note => note.Id == "AD0001");
    }

    [Fact]
    public void A_note_is_turned_off_by_pragma()
    {
        var source =
            "#pragma warning disable LRK0320, LRK0321, LRK0510\n" + Declarations.Model(feedForward: "[FeedForward(256), LowRank(20)]");
        Assert.DoesNotContain(GeneratorRun.Of(source).Notes, note => !note.IsSuppressed);
    }

    [Fact]
    public void A_note_never_fails_a_build_that_treats_warnings_as_errors()
    {
        var compilation = TestCompilation.Of(Declarations.Model(feedForward: "[FeedForward(256), LowRank(20)]"));
        var run = GeneratorRun.Of(compilation.WithOptions(compilation.Options.WithGeneralDiagnosticOption(ReportDiagnostic.Error)));
        Assert.Equal(["LRK0320", "LRK0321", "LRK0510"], run.Notes.Select(note => note.Id).Order());
        Assert.All(run.Notes, note => Assert.Equal(DiagnosticSeverity.Info, note.Severity));
        run.AssertClean();
    }

    /// <summary>What the whole costs stands at the name; the shares are those of the dense model's constants.</summary>
    [Fact]
    public void A_model_has_a_price() =>
        Assert.Equal(
            // 984,731,648 of 984,731,648 + 2·23·6,291,456; 16 bytes of each, and 20 of each of 2·23·16,777,216 of the guides.
            new Reported(
                "LRK0510",
                "PaperXl has 984,731,648 parameters, 77.3 % of the dense model's; training takes 1.8822e20 FLOPs, 89.5 % of the dense run's, "
                    + "25.9 tokens per parameter; parameters, gradients and moments take 29.0 GiB at the first step",
                "PaperXl"
            ),
            Reported.Of(GeneratorRun.Of(Declarations.PaperXl).Notes.Single(note => note.Id == "LRK0510"))
        );

    [Fact]
    public void A_dense_model_without_a_run_has_a_price() =>
        Assert.Equal(
            // 16 bytes of each parameter.
            new Reported("LRK0510", "Model has 262,720 parameters; parameters, gradients and moments take 4.0 MiB", "Model"),
            Reported.Of(Assert.Single(GeneratorRun.Of(Declarations.Model()).Notes))
        );

    private static void AssertNotes(string source, params Reported[] expected) =>
        Assert.Equal(expected, GeneratorRun.Of(source).Notes.Select(Reported.Of).Where(note => note.Id is "LRK0320" or "LRK0321"));

    private static void AssertGrid(string source, params Reported[] expected) =>
        Assert.Equal(expected, GeneratorRun.Of(source).Notes.Select(Reported.Of).Where(note => note.Id == "LRK0321"));
}
