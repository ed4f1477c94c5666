using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Emission;

/// <summary>What the compiler makes of <c>[LowRank]</c> without arguments, and of what a declaration says about its optimizer.</summary>
public sealed class RecipeTests
{
    private const string Written = "LowRank(Ratio = 0.32, Layers = \"1..\", Guide = Guide.None)";

    [Theory]
    [InlineData("LowRank")]
    [InlineData("LowRank()")]
    public void On_a_property_it_is_the_recipe_written_out(string bare) =>
        Same(
            Declarations.Model(feedForward: $"[FeedForward(256), {bare}]"),
            Declarations.Model(feedForward: $"[FeedForward(256), {Written}]")
        );

    [Fact]
    public void On_attention_it_selects_all_its_linears() =>
        Same(Declarations.Model(attention: "[Attention(4), LowRank]"), Declarations.Model(attention: $"[Attention(4), {Written}]"));

    [Fact]
    public void On_the_class_it_selects_the_feed_forward_layers() =>
        Same(Declarations.Model(attributes: "[LowRank]"), Declarations.Model(feedForward: $"[FeedForward(256), {Written}]"));

    [Fact]
    public void On_the_assembly_it_selects_the_feed_forward_layers() =>
        Same(
            Declarations.Model().Replace("using LowRank;", "using LowRank;\n[assembly: LowRank]", StringComparison.Ordinal),
            Declarations.Model(feedForward: $"[FeedForward(256), {Written}]")
        );

    [Fact]
    public void In_a_module_it_is_the_ratio_alone() => Same(Module("LowRank"), Module("LowRank(Ratio = 0.32, Guide = Guide.None)"));

    [Fact]
    public void A_model_of_one_block_has_none_after_the_first() =>
        Reported.Assert(
            Declarations.Model(
                transformer: "vocabulary: 512, context: 64, width: 64, depth: 1",
                feedForward: "[FeedForward(256), LowRank]"
            ),
            new Reported(
                "LRK0306",
                "Layers \"1..\" selects no block: it runs from block 1 to before block 1; let it end behind where it begins, as \"2..3\" does, which is block 2",
                "LowRank"
            )
        );

    [Fact]
    public void On_a_class_without_feed_forward_layers_it_is_told_that_there_are_none() =>
        Reported.Assert(
            Declarations.Model(attributes: "[LowRank]", feedForward: "[Attention(heads: 2)]"),
            new Reported(
                "LRK0312",
                "[LowRank] on 'Model' names Gate, Up, Down, which is not there; there are Query, Key, Value, Output",
                "LowRank"
            )
        );

    [Fact]
    public void Optimizer_and_rate_reach_the_catalog()
    {
        var run = GeneratorRun
            .Of(Declarations.Model(attributes: "[TrainingRun(1_000_000, 16, Optimizer = OptimizerKind.Muon, LearningRate = 8e-3)]"))
            .AssertClean();
        Assert.Contains(
            "Run: new(Tokens: 1000000, SequencesPerStep: 16, SequencesPerMicroBatch: 16) { Optimizer = global::LowRank.OptimizerKind.Muon, LearningRate = 0.008 })",
            run.File("Declared.Model-cost"),
            StringComparison.Ordinal
        );
    }

    private static string Module(string lowRank) =>
        $$"""
            using LowRank;
            using LowRank.Layers;
            using static TorchSharp.torch;

            namespace Declared;

            /// <summary>A model.</summary>
            [Module]
            public partial class Model
            {
                [Linear(64, 256), {{lowRank}}]
                public partial LinearLayer Up { get; }

                /// <summary>Up.</summary>
                public Tensor forward(Tensor x) => Up.forward(x);
            }
            """;

    // Where an attribute stands is told in comments, so what it selects is compared: the layers that the constructors make, and the costs.
    private static void Same(string bare, string written)
    {
        Assert.Contains(Layers(written), line => line.Contains("LowRankLinear(", StringComparison.Ordinal));
        Assert.Equal(Layers(written), Layers(bare));
    }

    private static string[] Layers(string source) =>
        [
            .. GeneratorRun
                .Of(source)
                .AssertClean()
                .Result.GeneratedSources.Where(file => file.HintName.Contains("Declared.Model", StringComparison.Ordinal))
                .SelectMany(file => file.SourceText.ToString().Split('\n'))
                .Where(line => line.Contains("Layers::", StringComparison.Ordinal) || line.Contains(" const ", StringComparison.Ordinal)),
        ];
}
