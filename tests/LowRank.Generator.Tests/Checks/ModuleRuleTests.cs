using LowRank.Generator.Checks;
using LowRank.Generator.Parsing;
using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

public sealed class ModuleRuleTests
{
    [Fact]
    public void A_class_that_is_not_partial() =>
        Reported.AssertFindings(
            Module(members: "", head: "[Module] public class M"),
            new Reported(
                "LRK0001",
                "'M' carries [Module] but is not partial; write 'partial class M' so that its other part can be generated",
                "M"
            ),
            new Reported(
                "LRK0603",
                "'M' declares no layer; add a partial property with [Linear], [Embedding], [Normalization] or [Part]",
                "M"
            )
        );

    [Fact]
    public void A_base_class_of_one_s_own() =>
        Reported.Assert(
            Module(
                "[Linear(4, 4)] public partial LinearLayer A { get; }",
                head: "public class Base; [Module] public partial class M : Base"
            ),
            new Reported(
                "LRK0601",
                "'M' derives from 'Declared.Base', but its generated part must derive from LowRank.Models.DeclaredModule; remove the base class",
                "M"
            )
        );

    [Fact]
    public void A_written_base_class_object() =>
        Reported.Assert(
            Module("[Linear(4, 4)] public partial LinearLayer A { get; }", head: "[Module] public partial class M : object"),
            new Reported(
                "LRK0601",
                "'M' derives from 'object', but its generated part must derive from LowRank.Models.DeclaredModule; remove the base class",
                "M"
            )
        );

    [Fact]
    public void A_type_with_the_name_of_a_generated_method() =>
        Reported.Assert(
            Module(
                "[Linear(4, 4)] public partial LinearLayer A { get; } public struct OnCreated;",
                head: "[Module] public partial class M"
            ),
            new Reported(
                "LRK0006",
                "'OnCreated' is a name that the generated part of 'M' needs for what runs when the layers are built; rename it",
                "OnCreated"
            )
        );

    [Fact]
    public void The_hook_is_not_to_be_declared_again() =>
        Reported.AssertFindings(
            Module(
                "[Linear(4, 4)] public partial LinearLayer A { get; } partial void OnCreated(LowRank.Layers.ModelOptions options);",
                head: "[Module] public partial class M"
            ),
            new Reported(
                "LRK0006",
                "'OnCreated' is a name that the generated part of 'M' needs for what runs when the layers are built; rename it",
                "OnCreated"
            )
        );

    [Fact]
    public void A_class_with_the_name_of_a_generated_method() =>
        Reported.Assert(
            Module("[Linear(4, 4)] public partial LinearLayer A { get; }", head: "[Module] public partial class OnCreated"),
            new Reported(
                "LRK0006",
                "'OnCreated' is a name that the generated part of 'OnCreated' needs for what runs when the layers are built; rename it",
                "OnCreated"
            )
        );

    [Theory]
    [InlineData("LowRank(2)", "LowRank")]
    [InlineData("Dense", "Dense")]
    [InlineData("Dense, LowRank(2)", "LowRank")]
    public void A_layer_of_no_kind(string attributes, string named) =>
        Reported.Assert(
            Module($"[Linear(4, 4)] public partial LinearLayer A {{ get; }} [{attributes}] public partial LinearLayer B {{ get; }}"),
            new Reported("LRK0611", $"'B' carries [{named}] but does not say which layer it is; add [Linear], or remove [{named}]", "B")
        );

    [Fact]
    public void A_property_without_attributes_is_nobody_s_layer() =>
        Assert.Empty(
            GeneratorRun.Of(Module("[Linear(4, 4)] public partial LinearLayer A { get; } public LinearLayer? B => null;")).Findings
        );

    [Fact]
    public void A_layer_returned_by_reference() =>
        Reported.Assert(
            Module("[Linear(4, 4)] public partial ref readonly LinearLayer A { get; }"),
            new Reported(
                "LRK0605",
                "'A' is of type ref readonly LowRank.Layers.LinearLayer; [Linear] is for a get-only instance property of type LinearLayer",
                "A"
            )
        );

    [Fact]
    public void A_module_and_a_transformer_at_once()
    {
        var run = Reported.Assert(
            """
            using LowRank;
            [Module, Transformer(512, 64, 64, 4)]
            public partial class M
            {
                /// <summary>Attends.</summary>
                [Attention(4)] public partial Sublayer Attention { get; }
            }
            """,
            new Reported("LRK0602", "'M' carries both [Module] and [Transformer]; remove one of them", "Module")
        );
        Assert.DoesNotContain(run.Result.GeneratedSources, source => source.HintName.Contains("-module", StringComparison.Ordinal));
    }

    [Fact]
    public void A_property_that_is_not_partial() =>
        Reported.Assert(
            Module("[Linear(4, 4)] public LinearLayer? A { get; }"),
            new Reported(
                "LRK0604",
                "'A' carries [Linear] but is not a partial property without body; write 'public partial LinearLayer A { get; }'",
                "A"
            )
        );

    [Theory]
    [InlineData("[Linear(4, 4)] public partial Linear A { get; }", "of type LowRank.Layers.Linear", "Linear", "LinearLayer")]
    [InlineData(
        "[Linear(4, 4, Count = 2)] public partial LinearLayer A { get; }",
        "of type LowRank.Layers.LinearLayer with Count = 2",
        "Linear",
        "IReadOnlyList<LinearLayer>"
    )]
    [InlineData(
        "[Embedding(4, 4)] public partial IReadOnlyList<Embedding> A { get; }",
        "of type System.Collections.Generic.IReadOnlyList<LowRank.Layers.Embedding>",
        "Embedding",
        "Embedding"
    )]
    [InlineData(
        "[Normalization(4)] public partial Embedding A { get; }",
        "of type LowRank.Layers.Embedding",
        "Normalization",
        "RmsNorm or LayerNorm"
    )]
    [InlineData("[Part] public partial Embedding A { get; }", "of type LowRank.Layers.Embedding", "Part", "a class with [Module]")]
    [InlineData("[Linear(4, 4)] public static partial LinearLayer A { get; }", "static", "Linear", "LinearLayer")]
    [InlineData("[Linear(4, 4)] public partial LinearLayer A { get; set; }", "not get-only", "Linear", "LinearLayer")]
    public void A_property_of_the_wrong_form(string member, string wrong, string kind, string wanted) =>
        Reported.Assert(
            Module(member),
            new Reported("LRK0605", $"'A' is {wrong}; [{kind}] is for a get-only instance property of type {wanted}", "A")
        );

    [Fact]
    public void A_layer_of_two_kinds() =>
        Reported.Assert(
            Module("[Linear(4, 4), Normalization(4)] public partial LinearLayer A { get; }"),
            new Reported("LRK0606", "'A' carries both [Linear] and [Normalization]; give each its own property", "A")
        );

    [Fact]
    public void Layers_have_no_meaning() =>
        Reported.Assert(
            Module("[Linear(64, 64), LowRank(8, Layers = \"1..\")] public partial LinearLayer A { get; }"),
            new Reported(
                "LRK0607",
                "Layers = \"1..\" on 'A' selects blocks of a transformer, and 'M' is a [Module]; give the parts to be factored a [LowRank] of their own",
                "Layers = \"1..\""
            )
        );

    [Fact]
    public void One_low_rank_stands_in_one_place() =>
        Reported.Assert(
            Module(
                """
                [Linear(64, 64), LowRank(8), LowRank(rank: 16)] public partial LinearLayer A { get; }
                [Linear(64, 64)] public partial LinearLayer B { get; }
                """,
                head: "[Module, LowRank(4), LowRank(rank: 2)] public partial class M"
            ),
            new Reported(
                "LRK0609",
                "'A' carries more than one [LowRank], and a [Module] has neither blocks nor projections to divide between them; keep one",
                "LowRank(rank: 16)"
            ),
            new Reported(
                "LRK0609",
                "'M' carries more than one [LowRank], and a [Module] has neither blocks nor projections to divide between them; keep one",
                "LowRank(rank: 2)"
            )
        );

    [Fact]
    public void A_part_speaks_for_itself_where_its_low_rank_is_repeated() =>
        Reported.Assert(
            Module("[Part] public partial P A { get; }")
                + "\n[Module] public partial class P { [Linear(64, 64), LowRank(8), LowRank(rank: 16)] public partial LinearLayer B { get; } }",
            new Reported(
                "LRK0609",
                "'B' carries more than one [LowRank], and a [Module] has neither blocks nor projections to divide between them; keep one",
                "LowRank(rank: 16)"
            )
        );

    [Fact]
    public void Projections_have_no_meaning() =>
        Reported.Assert(
            Module(
                """
                [Linear(64, 64), LowRank(8, Projections = Projections.Up)] public partial LinearLayer A { get; }
                [Linear(64, 64)] public partial LinearLayer B { get; }
                """,
                head: "[Module, LowRank(4, Projections = Projections.Down)] public partial class M"
            ),
            new Reported(
                "LRK0610",
                "Projections on 'A' selects linears of a transformer's sublayers, and 'M' is a [Module]; leave it out, and exempt layers by [Dense]",
                "Projections = Projections.Up"
            ),
            new Reported(
                "LRK0610",
                "Projections on 'M' selects linears of a transformer's sublayers, and 'M' is a [Module]; leave it out, and exempt layers by [Dense]",
                "Projections = Projections.Down"
            )
        );

    [Fact]
    public void One_low_rank_in_each_place_is_not_mentioned() =>
        Reported.Assert(
            Module(
                """
                [Linear(64, 64), LowRank(8, Projections = Projections.All)] public partial LinearLayer A { get; }
                [Linear(64, 64)] public partial LinearLayer B { get; }
                """,
                head: "[Module, LowRank(4)] public partial class M"
            )
        );

    [Fact]
    public void Sizes_that_are_not_positive() =>
        Reported.Assert(
            Module(
                """
                [Linear(0, 4)] public partial LinearLayer A { get; }
                [Embedding(rows: -1, 4)] public partial Embedding B { get; }
                [Linear(4, 4, Count = 0)] public partial IReadOnlyList<LinearLayer> C { get; }
                [Normalization(4, Epsilon = 0)] public partial RmsNorm D { get; }
                """
            ),
            new Reported("LRK0201", "inputs of 'A' is 0; it must be at least 1", "0"),
            new Reported("LRK0201", "rows of 'B' is -1; it must be at least 1", "rows: -1"),
            new Reported("LRK0201", "Count of 'C' is 0; it must be at least 1", "Count = 0"),
            new Reported("LRK0206", "Epsilon is 0; it must be positive and finite", "Epsilon = 0")
        );

    [Fact]
    public void Ranks_and_phase_out_are_held_to_the_rules_of_transformers() =>
        Reported.Assert(
            Module(
                """
                [Linear(64, 32), LowRank(0)] public partial LinearLayer A { get; }
                [Linear(64, 32), LowRank(33)] public partial LinearLayer B { get; }
                [Linear(64, 64), LowRank(32)] public partial LinearLayer C { get; }
                [Linear(64, 64), LowRank(8, phaseOut: 1.5)] public partial LinearLayer D { get; }
                [Linear(64, 64), LowRank(8, Guide = (Guide)7)] public partial LinearLayer E { get; }
                """
            ),
            new Reported("LRK0301", "Rank 0 of [LowRank] on 'A' is below 1", "0"),
            new Reported("LRK0301", "Rank 33 of B is above 32, the smaller side of its weight (64 → 32)", "33"),
            new Reported(
                "LRK0302",
                "Rank 32 of C (64 → 64) is at or above the break-even 32: the factors hold 4096 weights, the layer they replace 4096",
                "32"
            ),
            new Reported(
                "LRK0303",
                "phaseOut is 1.5; it is the fraction of training after which the guide is gone and must lie in (0, 1]",
                "phaseOut: 1.5"
            ),
            new Reported("LRK0207", "Guide is 7, which is no value of Guide; use one of Mixed, Sampled, None", "Guide = (Guide)7")
        );

    [Theory]
    [InlineData("[Linear(0, 4)] public partial LinearLayer A { get; }", "inputs", "1")]
    [InlineData("[Normalization(4, Epsilon = 0)] public partial RmsNorm A { get; }", "Epsilon", "1e-5")]
    [InlineData("[Linear(64, 64), LowRank(32)] public partial LinearLayer A { get; }", "rank", "24")]
    [InlineData("[Linear(64, 64), LowRank(8, phaseOut: 50)] public partial LinearLayer A { get; }", "phaseOut", "0.5\n1.0")]
    [InlineData(
        "[Linear(64, 64), LowRank(8, Guide = (Guide)7)] public partial LinearLayer A { get; }",
        "Guide",
        "Guide.Mixed\nGuide.Sampled\nGuide.None"
    )]
    public void The_values_that_are_suggested_are_those_of_transformers(string member, string argument, string suggestion)
    {
        var properties = Assert.Single(GeneratorRun.Of(Module(member)).Findings).Properties;
        Assert.Equal(argument, properties[FindingProperties.Argument]);
        Assert.Equal(suggestion, properties[Finding.SuggestionProperty]);
    }

    [Fact]
    public void Low_rank_that_factors_nothing() =>
        Reported.Assert(
            Module(
                """
                [Normalization(4), LowRank(2)] public partial RmsNorm A { get; }
                [Linear(64, 64), Dense] public partial LinearLayer B { get; }
                [Linear(64, 64), Dense, LowRank(8)] public partial LinearLayer C { get; }
                """,
                head: "[Module, LowRank(8)] public partial class M"
            ),
            new Reported("LRK0307", "[LowRank] on 'A' selects no linear layer: the property does not carry [Linear]", "LowRank(2)"),
            new Reported(
                "LRK0307",
                "[LowRank] on 'M' selects no linear layer: every linear layer carries [Dense] or a [LowRank] of its own",
                "LowRank(8)"
            ),
            new Reported("LRK0308", "'C' carries both [Dense] and [LowRank]; remove one of them", "Dense")
        );

    [Fact]
    public void Names_that_are_taken() =>
        Reported.AssertFindings(
            Module(
                """
                [Linear(4, 4)] public partial LinearLayer Cost { get; }
                [Linear(4, 4)] public partial LinearLayer HasGuide { get; }
                [Linear(4, 4)] public partial LinearLayer UpDown { get; }
                [Linear(4, 4)] public partial LinearLayer Up_Down { get; }
                """
            ),
            new Reported("LRK0006", "'Cost' is a name that the generated part of 'M' needs for the accounting; rename it", "Cost"),
            new Reported(
                "LRK0006",
                "'HasGuide' is a name that the generated part of 'M' needs for what its base class already has; rename it",
                "HasGuide"
            ),
            new Reported(
                "LRK0006",
                "'Up_Down' is a name that the generated part of 'M' needs for the parameters of 'UpDown', which would have the same dotted names; rename it",
                "Up_Down"
            )
        );

    [Fact]
    public void Sums_that_overflow() =>
        Reported.Assert(
            Module("[Linear(2_000_000_000, 2_000_000_000, Count = 9)] public partial IReadOnlyList<LinearLayer> A { get; }"),
            new Reported("LRK0501", "'M' is too large to account for: a sum of parameters or FLOPs exceeds 9223372036854775807", "M")
        );

    internal static string Module(string members, string head = "[Module] public partial class M") =>
        $$"""
            using System.Collections.Generic;
            using LowRank;
            using LowRank.Layers;

            namespace Declared;

            {{head}}
            {
                {{members}}
            }
            """;
}
