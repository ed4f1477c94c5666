using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

/// <summary>Options that mean nothing where they stand, and the same where they mean something.</summary>
public sealed class IdleOptionTests
{
    private const string Sizes = "512, 64, 64, 4";

    private const string NoGuide = "there is no guide that it could be about";

    [Theory]
    [InlineData(
        "Positions = Positions.Learned, RotaryBase = 10_000",
        "RotaryBase",
        "positions are Positions.Learned, which rotate nothing"
    )]
    [InlineData("Positions = Positions.None, RotaryFraction = 0.5", "RotaryFraction", "positions are Positions.None, which rotate nothing")]
    public void Of_the_transformer(string options, string option, string reason) =>
        Reported.Assert(
            Declarations.Model($"{Sizes}, {options}"),
            Idle(option, "Transformer", "Model", reason, options[options.IndexOf(option, StringComparison.Ordinal)..])
        );

    [Theory]
    [InlineData(
        "RotaryBase = 500",
        "Attention(4, Positions = Positions.None)",
        "positions of every attention are Positions.None, which rotate nothing"
    )]
    [InlineData("RotaryBase = 500", "Attention(4, RotaryBase = 600)", "every attention that rotates has its own")]
    [InlineData("RotaryFraction = 0.5", "Attention(4, RotaryFraction = 1)", "every attention that rotates has its own")]
    public void Of_the_transformer_whose_attentions_say_otherwise(string written, string attention, string reason) =>
        Reported.Assert(
            Declarations.Model($"{Sizes}, {written}", attention: $"[{attention}]"),
            Idle(written[..written.IndexOf(' ', StringComparison.Ordinal)], "Transformer", "Model", reason, written)
        );

    [Theory]
    [InlineData("", "Positions = Positions.None, ", "RotaryBase = 500", "its positions are Positions.None, which rotate nothing")]
    [InlineData(", Positions = Positions.Learned", "", "RotaryFraction = 0.5", "its positions are Positions.Learned, which rotate nothing")]
    public void Of_an_attention_that_rotates_nothing(string transformer, string positions, string written, string reason) =>
        Reported.Assert(
            Declarations.Model(Sizes + transformer, attention: $"[Attention(4, {positions}{written})]"),
            Idle(written[..written.IndexOf(' ', StringComparison.Ordinal)], "Attention", "Attention", reason, written)
        );

    [Fact]
    public void A_base_beside_attentions_of_which_one_rotates_means_something() =>
        GeneratorRun
            .Of(
                Declarations.Model(
                    Sizes + ", Positions = Positions.None, RotaryBase = 500",
                    attention: "[Attention(4, Positions = Positions.Rotary, RotaryFraction = 0.5)]"
                )
            )
            .AssertClean();

    [Fact]
    public void A_window_where_every_token_sees_every_other() =>
        Reported.Assert(
            Declarations.Model(Sizes + ", Causal = false", attention: "[Attention(4, Window = 8)]"),
            Idle("Window", "Attention", "Attention", "with Causal = false every token sees every other", "Window = 8")
        );

    [Theory]
    [InlineData("RotaryBase = 500", "RotaryBase", "no sublayer attends, and only attention rotates")]
    [InlineData("Bias = Bias.QueryKeyValue", "Bias", "no sublayer attends, so that there are no queries, keys and values")]
    [InlineData("Causal = false", "Causal", "no sublayer attends, and only attention looks ahead")]
    [InlineData("Residual = Residual.Parallel", "Residual", "there is one sublayer, and none beside which it could run")]
    public void Of_a_transformer_of_one_sublayer(string written, string option, string reason) =>
        Reported.Assert(
            $"using LowRank; [Transformer({Sizes}, {written})] public partial class Model {{ [FeedForward(64)] public partial Sublayer A {{ get; }} }}",
            Idle(option, "Transformer", "Model", reason, written)
        );

    [Theory]
    [InlineData("LowRank(8, 0.25, Guide = Guide.None)", "phaseOut", "0.25")]
    [InlineData("LowRank(8, phaseOut: 0.5, Guide = Guide.None)", "phaseOut", "phaseOut: 0.5")]
    [InlineData("LowRank(8, Schedule = Schedule.Linear, Guide = Guide.None)", "Schedule", "Schedule = Schedule.Linear")]
    public void Of_a_guide(string lowRank, string option, string at)
    {
        Reported.Assert(
            Declarations.Model(feedForward: $"[FeedForward(256), {lowRank}]"),
            Idle(option, "LowRank", "FeedForward", NoGuide, at)
        );
        Reported.Assert(
            $"using LowRank; using LowRank.Layers; [Module] public partial class M {{ [Linear(64, 64), {lowRank}] public partial LinearLayer A {{ get; }} }}",
            Idle(option, "LowRank", "A", NoGuide, at)
        );
    }

    [Fact]
    public void Of_rebalancing() =>
        Reported.Assert(
            Declarations.Model(
                attributes: "[TrainingRun(tokens: 10_240, sequencesPerStep: 16)]",
                feedForward: "[FeedForward(256), LowRank(8, RebalanceEvery = 10)]"
            ),
            Idle(
                "RebalanceEvery",
                "LowRank",
                "FeedForward",
                "the declared run has 10 steps, and after the last nothing is rebalanced",
                "RebalanceEvery = 10"
            )
        );

    [Fact]
    public void Of_a_budget() =>
        Reported.Assert(
            Declarations.Model(attributes: "[Budget(Parameters = 1_000_000, DecodeSequences = 4)]"),
            Idle("DecodeSequences", "Budget", "Model", "the budget does not limit DecodeMemory", "DecodeSequences = 4")
        );

    [Fact]
    public void Of_a_norm() =>
        Reported.Assert(
            "using LowRank; using LowRank.Layers; [Module] public partial class M { [Normalization(64, Bias = true)] public partial RmsNorm A { get; } }",
            Idle("Bias", "Normalization", "A", "an RmsNorm adds no bias", "Bias = true")
        );

    [Theory]
    [InlineData("1..:9", 1, 9, "LowRank(8, Layers = \"1..:9\")")]
    [InlineData("..:4", 0, 4, "LowRank(8, Layers = \"..:4\")")]
    public void Of_a_stride(string range, int block, int stride, string lowRank) =>
        Reported.Assert(
            Declarations.Model(Sizes, feedForward: $"[FeedForward(256), {lowRank}]"),
            new Reported(
                "LRK0319",
                $"Layers \"{range}\" names block {block} alone, since a stride of {stride} leads beyond the 4 blocks of 'Model'",
                $"Layers = \"{range}\""
            )
        );

    [Theory]
    [InlineData("512, 64, 64, 4, RotaryBase = 500, RotaryFraction = 0.5", "[Attention(4)]", "[FeedForward(256), LowRank(8, 0.25)]")]
    [InlineData("512, 64, 64, 4, Bias = Bias.QueryKeyValue, Residual = Residual.Parallel", "[Attention(4)]", "[FeedForward(256)]")]
    [InlineData("512, 64, 64, 4", "[Attention(4)]", "[FeedForward(256), LowRank(8, Layers = \"1..:3\", RebalanceEvery = 9)]")]
    [InlineData("512, 64, 64, 2", "[Attention(4, Layers = \"..:2\")]", "[FeedForward(256)]")]
    public void What_means_something_is_left_alone(string transformer, string attention, string feedForward) =>
        Assert.Empty(
            GeneratorRun
                .Of(
                    Declarations.Model(
                        transformer,
                        "[TrainingRun(10_240, 16), Budget(DecodeMemory = 1_000_000_000, DecodeSequences = 4)]",
                        attention,
                        feedForward
                    )
                )
                .Findings
        );

    private static Reported Idle(string option, string attribute, string owner, string reason, string at) =>
        new("LRK0009", $"{option} of [{attribute}] on '{owner}' has no effect: {reason}; leave it out", at);
}
