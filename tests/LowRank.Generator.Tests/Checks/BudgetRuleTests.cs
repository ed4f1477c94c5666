using LowRank.Generator.Checks;
using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

public sealed class BudgetRuleTests
{
    private const string Run = "[TrainingRun(1_000_000, 16)]";

    [Fact]
    public void The_paper_s_model_keeps_to_its_budget() =>
        GeneratorRun.Of(Paper("Parameters = 985_000_000, TrainingFlops = 1.9e20")).AssertClean();

    [Fact]
    public void What_is_exceeded_is_told_with_the_parts_and_the_rank_that_fits()
    {
        var run = Reported.Assert(
            Paper("Parameters = 900_000_000, TrainingFlops = 1.8e20"),
            new Reported(
                "LRK0502",
                "Parameters of 'PaperXl' is 984,731,648, which exceeds its budget of 900,000,000; the most expensive parts are FeedForward of blocks 1 to 23 (482,674,688), "
                    + "Attention of blocks 0 to 23 (402,948,096) and Embedding (65,536,000); a rank of 768 instead of 1024 on 'FeedForward' keeps to every limit",
                "Parameters = 900_000_000"
            ),
            new Reported(
                "LRK0502",
                "TrainingFlops of 'PaperXl' is 1.8822e20, which exceeds its budget of 1.8000e20; the most expensive parts are FeedForward of blocks 1 to 23 (9.6052e19), "
                    + "Attention of blocks 0 to 23 (7.7007e19) and Head (1.0027e19); a rank of 768 instead of 1024 on 'FeedForward' keeps to every limit",
                "TrainingFlops = 1.8e20"
            )
        );
        var finding = run.Findings[0];
        Assert.Equal("768", finding.Properties[Finding.SuggestionProperty]);
        var rank = finding.AdditionalLocations.Single();
        Assert.Equal("rank: 1_024", rank.SourceTree!.GetText(TestContext.Current.CancellationToken).ToString(rank.SourceSpan));
    }

    [Theory]
    [InlineData(768, 0)]
    [InlineData(796, 0)]
    [InlineData(797, 1)]
    [InlineData(832, 1)]
    [InlineData(845, 2)]
    public void The_rank_that_is_named_is_the_largest_of_the_tile_grid_that_keeps_to_every_limit(int rank, int exceeded)
    {
        var run = GeneratorRun.Of(
            Paper("Parameters = 900_000_000, TrainingFlops = 1.8e20").Replace("rank: 1_024", $"rank: {rank}", StringComparison.Ordinal)
        );
        Assert.Equal(exceeded, run.Findings.Length);
    }

    /// <summary>Its numbers are needed most while it is too large.</summary>
    [Fact]
    public void A_model_over_its_budget_is_emitted_whole()
    {
        var run = Reported.Assert(
            Declarations.Model(attributes: "[Budget(Parameters = 1, DecodeMemory = 2_000_000)]"),
            new Reported(
                "LRK0502",
                "Parameters of 'Model' is 262,720, which exceeds its budget of 1; the most expensive parts are FeedForward of blocks 0 to 3 (131,328), "
                    + "Attention of blocks 0 to 3 (65,792) and Embedding (32,768)",
                "Parameters = 1"
            )
        );
        Assert.Equal(262_720L, run.Constant("Declared.Model+Cost", "Parameters"));
        Assert.Contains(
            "Budget: Parameters 262,720 of 1, exceeded; DecodeMemory 1,181,952 of 2,000,000.",
            run.File("Declared.Model"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            """Budget = [new("Parameters", 262720m, 1m), new("DecodeMemory", 1181952m, 2000000m)],""",
            run.File("Declared.Model-cost"),
            StringComparison.Ordinal
        );
        Assert.Contains("new global::Declared.Model(options)", run.File("DeclaredModels"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rank_on_the_class_is_named_by_the_class() =>
        Assert.EndsWith(
            "; a rank of 4 instead of 16 on 'Model' keeps to every limit",
            Reported
                .Of(
                    Assert.Single(
                        GeneratorRun.Of(Declarations.Model(attributes: "[LowRank(rank: 16)] [Budget(Parameters = 85_000)]")).Findings
                    )
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void No_rank_is_named_where_none_would_fit() =>
        Assert.EndsWith(
            " and Embedding (32,768)",
            Reported
                .Of(
                    Assert.Single(
                        GeneratorRun.Of(Declarations.Model(attributes: "[LowRank(rank: 16)] [Budget(Parameters = 66_000)]")).Findings
                    )
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_dense_model_is_told_no_rank() =>
        Reported.Assert(
            Declarations.Model(attributes: "[Budget(Parameters = 1)]"),
            new Reported(
                "LRK0502",
                "Parameters of 'Model' is 262,720, which exceeds its budget of 1; the most expensive parts are FeedForward of blocks 0 to 3 (131,328), "
                    + "Attention of blocks 0 to 3 (65,792) and Embedding (32,768)",
                "Parameters = 1"
            )
        );

    [Theory]
    [InlineData(
        "ParametersAtStart",
        "262,720",
        "FeedForward of blocks 0 to 3 (131,328), Attention of blocks 0 to 3 (65,792) and Embedding (32,768)"
    )]
    [InlineData(
        "ForwardFlopsPerToken",
        "524,288",
        "FeedForward of blocks 0 to 3 (262,144), Attention of blocks 0 to 3 (196,608) and Head (65,536)"
    )]
    // 16 sequences of 64 tokens; 1,050,880 bytes of weights and 4 blocks × 64 tokens × 128 keys and values.
    [InlineData(
        "DecodeMemory",
        "1,181,952 bytes",
        "FeedForward of blocks 0 to 3 (525,312), Attention of blocks 0 to 3 (394,240) and Embedding (131,072)"
    )]
    public void Every_quantity_can_be_limited(string quantity, string amount, string parts)
    {
        var unit = amount.EndsWith("bytes", StringComparison.Ordinal) ? " bytes" : "";
        Reported.Assert(
            Declarations.Model(attributes: $"[Budget({quantity} = 1)]"),
            new Reported(
                "LRK0502",
                $"{quantity} of 'Model' is {amount}, which exceeds its budget of 1{unit}; the most expensive parts are {parts}",
                $"{quantity} = 1"
            )
        );
    }

    [Fact]
    public void Training_memory_is_limited_by_its_constant()
    {
        var limit = (decimal)GeneratorRun.Of(Declarations.Model(attributes: Run)).Constant("Declared.Model+Cost+Memory", "TrainingAtStart");
        GeneratorRun.Of(Declarations.Model(attributes: $"{Run} [Budget(TrainingMemory = {limit})]")).AssertClean();
        var finding = Assert.Single(
            GeneratorRun.Of(Declarations.Model(attributes: $"{Run} [Budget(TrainingMemory = {limit - 1})]")).Findings
        );
        Assert.StartsWith("TrainingMemory of 'Model' is ", Reported.Of(finding).Message, StringComparison.Ordinal);
        Assert.Contains("FeedForward of blocks 0 to 3 (", Reported.Of(finding).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_sequences_are_decoded_at_once() =>
        Assert.Contains(
            "is 2,099,456 bytes",
            Reported
                .Of(
                    Assert.Single(
                        GeneratorRun.Of(Declarations.Model(attributes: "[Budget(DecodeMemory = 2_099_455, DecodeSequences = 8)]")).Findings
                    )
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Numbers_that_round_alike_are_printed_in_full() =>
        Assert.Contains(
            "is 188,220,013,312,116,523,008, which exceeds its budget of 188,220,000,000,000,000,000;",
            Reported.Of(Assert.Single(GeneratorRun.Of(Paper("TrainingFlops = 1.8822e20")).Findings)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("Parameters", "0", "0")]
    [InlineData("TrainingMemory", "-5", "-5")]
    [InlineData("TrainingFlops", "-1.5e20", "-1.5E+20")]
    [InlineData("TrainingFlops", "double.NaN", "NaN")]
    [InlineData("TrainingFlops", "double.PositiveInfinity", "Infinity")]
    [InlineData("DecodeSequences", "0", "0")]
    public void A_limit_is_positive_and_finite(string name, string written, string value) =>
        Reported.Assert(
            Declarations.Model(attributes: $"{Run} [Budget(ForwardFlopsPerToken = 1_000_000, {name} = {written})]"),
            new Reported("LRK0503", $"{name} in the budget of 'Model' is {value}; it must be positive and finite", $"{name} = {written}")
        );

    [Fact]
    public void A_limit_beyond_every_total_is_kept() =>
        GeneratorRun.Of(Declarations.Model(attributes: $"{Run} [Budget(TrainingFlops = 1e300)]")).AssertClean();

    [Theory]
    [InlineData("TrainingFlops", "1e15")]
    [InlineData("TrainingMemory", "1")]
    public void A_limit_on_training_needs_a_run(string name, string value) =>
        Reported.Assert(
            Declarations.Model(attributes: $"[Budget({name} = {value})]"),
            new Reported(
                "LRK0504",
                $"The budget of 'Model' limits {name}, which depends on how the model is trained; add [TrainingRun] to the class",
                $"{name} = {value}"
            )
        );

    [Fact]
    public void A_budget_without_a_limit_is_mentioned() =>
        AssertNote(
            Declarations.Model(attributes: "[Budget]"),
            new Reported("LRK0505", "[Budget] on 'Model' limits nothing; give it a limit such as Parameters", "Budget")
        );

    [Fact]
    public void A_budget_is_not_held_against_sizes_that_are_refused() =>
        Reported.Assert(
            Declarations.Model(attributes: "[Budget(Parameters = 1)]", attention: "[Attention(heads: 7)]"),
            new Reported("LRK0202", "Width 64 does not divide into 7 heads; use a divisor such as 8, or give HeadSize", "heads: 7")
        );

    [Fact]
    public void Dense_without_a_low_rank_further_out_is_mentioned() =>
        AssertNote(
            Declarations.Model(attention: "[Attention(4), Dense]"),
            new Reported(
                "LRK0506",
                "[Dense] on 'Attention' has no effect: no [LowRank] stands further out from which it would be exempt",
                "Dense"
            )
        );

    private static void AssertNote(string source, Reported expected) =>
        Assert.Equal(expected, Reported.Assert(source).Notes.Where(note => note.Id != "LRK0510").Select(Reported.Of).Single());

    private static string Paper(string budget) =>
        Declarations.PaperXl.Replace("[DenseBaseline]", $"[Budget({budget})]\n[DenseBaseline]", StringComparison.Ordinal);
}
