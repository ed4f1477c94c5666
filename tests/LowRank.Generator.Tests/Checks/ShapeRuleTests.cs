using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

public sealed class ShapeRuleTests
{
    [Theory]
    [InlineData("vocabulary", "vocabulary: 0, context: 64, width: 64, depth: 4", "vocabulary: 0", "0")]
    [InlineData("context", "vocabulary: 512, context: -1, width: 64, depth: 4", "context: -1", "-1")]
    [InlineData("width", "vocabulary: 512, context: 64, width: 0, depth: 4", "width: 0", "0")]
    [InlineData("depth", "512, 64, 64, -4", "-4", "-4")]
    public void Sizes_of_the_model_are_positive(string size, string transformer, string at, string value) =>
        Reported.Assert(
            Declarations.Model(transformer),
            new Reported("LRK0201", $"{size} of 'Model' is {value}; it must be at least 1", at)
        );

    [Fact]
    public void Sizes_of_sublayers_and_run_are_positive() =>
        Reported.Assert(
            Declarations.Model(
                attributes: "[TrainingRun(tokens: -1, sequencesPerStep: 0, SequencesPerMicroBatch = 0)]",
                attention: "[Attention(0, KeyValueHeads = -2, HeadSize = 0)]",
                feedForward: "[FeedForward(-256)]"
            ),
            new("LRK0201", "tokens of 'Model' is -1; it must be at least 1", "tokens: -1"),
            new("LRK0201", "sequencesPerStep of 'Model' is 0; it must be at least 1", "sequencesPerStep: 0"),
            new("LRK0201", "SequencesPerMicroBatch of 'Model' is 0; it must be at least 1", "SequencesPerMicroBatch = 0"),
            new("LRK0201", "heads of 'Attention' is 0; it must be at least 1", "0"),
            new("LRK0201", "KeyValueHeads of 'Attention' is -2; it must be at least 1", "KeyValueHeads = -2"),
            new("LRK0201", "HeadSize of 'Attention' is 0; it must be at least 1", "HeadSize = 0"),
            new("LRK0201", "hidden of 'FeedForward' is -256; it must be at least 1", "-256")
        );

    [Theory]
    [InlineData(2048, 15, 16)]
    [InlineData(64, 3, 4)]
    [InlineData(100, 30, 25)]
    [InlineData(64, 100, 64)]
    [InlineData(2_147_483_647, 1_000_000_000, 1)]
    public void Heads_divide_the_width(int width, int heads, int suggestion) =>
        Reported.Assert(
            Declarations.Model(
                $"vocabulary: 512, context: 64, width: {width}, depth: 4, Positions = Positions.None",
                attention: $"[Attention(heads: {heads})]"
            ),
            new Reported(
                "LRK0202",
                $"Width {width} does not divide into {heads} heads; use a divisor such as {suggestion}, or give HeadSize",
                $"heads: {heads}"
            )
        );

    [Fact]
    public void The_suggested_divisor_travels_with_the_diagnostic() =>
        Assert.Equal(
            "4",
            Assert.Single(GeneratorRun.Of(Declarations.Model(attention: "[Attention(3)]")).Findings).Properties["Suggestion"]
        );

    [Fact]
    public void Heads_need_not_divide_the_width_where_a_head_size_is_given() =>
        GeneratorRun.Of(Declarations.Model(attention: "[Attention(heads: 3, HeadSize = 32)]")).AssertClean();

    [Fact]
    public void Key_value_heads_divide_the_heads() =>
        Reported.Assert(
            Declarations.Model(attention: "[Attention(heads: 8, KeyValueHeads = 3)]"),
            new Reported(
                "LRK0203",
                "8 heads do not divide into groups for 3 key/value heads; use a divisor of 8 such as 4",
                "KeyValueHeads = 3"
            )
        );

    [Theory]
    [InlineData("[Attention(heads: 4, HeadSize = 15)]", "1", "HeadSize = 15", "15", "15")]
    [InlineData("[Attention(heads: 4)]", "0.2", "heads: 4", "16", "3")]
    [InlineData("[Attention(heads: 4)]", "0.01", "heads: 4", "16", "0")]
    public void The_rotary_size_is_even(string attention, string fraction, string at, string headSize, string size) =>
        Reported.Assert(
            Declarations.Model($"512, 64, 64, 4, RotaryFraction = {fraction}", attention: attention),
            new Reported(
                "LRK0204",
                $"Rotary positions turn pairs of elements, but head size {headSize} × fraction {fraction} gives {size} of them; the rotated size must be even and at least 2",
                at
            )
        );

    [Fact]
    public void The_fraction_of_an_attention_is_what_counts_there()
    {
        const string Odd =
            "Rotary positions turn pairs of elements, but head size 16 × fraction 0.2 gives 3 of them; the rotated size must be even and at least 2";
        Reported.Assert(
            Declarations.Model("512, 64, 64, 4", attention: "[Attention(heads: 4, RotaryFraction = 0.2)]"),
            new Reported("LRK0204", Odd, "heads: 4")
        );
        GeneratorRun.Of(Declarations.Model("512, 64, 64, 4", attention: "[Attention(heads: 4, RotaryFraction = 0.25)]")).AssertClean();
        Reported.Assert(
            Declarations.Model("512, 64, 64, 4", attention: "[Attention(heads: 4, RotaryFraction = 2, RotaryBase = 0)]"),
            new("LRK0205", "RotaryFraction is 2; it must lie in (0, 1]", "RotaryFraction = 2"),
            new("LRK0206", "RotaryBase is 0; it must be positive and finite", "RotaryBase = 0")
        );
    }

    [Fact]
    public void An_attention_has_no_learned_positions() =>
        Reported.Assert(
            Declarations.Model("512, 64, 64, 4", attention: "[Attention(heads: 4, Positions = Positions.Learned)]"),
            new Reported(
                "LRK0209",
                "Positions of 'Attention' is Positions.Learned, but learned positions are added to the tokens' vectors, before any attention; "
                    + "write it on [Transformer], or Positions.Rotary or Positions.None here",
                "Positions = Positions.Learned"
            )
        );

    [Theory]
    [InlineData("ScoreScale = 0", "ScoreScale", "0")]
    [InlineData("ScoreSoftCap = double.PositiveInfinity", "ScoreSoftCap", "Infinity")]
    public void Scale_and_cap_of_scores_are_positive_and_finite(string written, string name, string value) =>
        Reported.Assert(
            Declarations.Model("512, 64, 64, 4", attention: $"[Attention(heads: 4, {written})]"),
            new Reported("LRK0206", $"{name} is {value}; it must be positive and finite", written)
        );

    [Fact]
    public void The_embedding_has_one_scale() =>
        Reported.Assert(
            Declarations.Model("512, 64, 64, 4, ScaleEmbeddings = true, EmbeddingScale = 12"),
            new Reported(
                "LRK0212",
                "'Model' scales its embedding by ScaleEmbeddings, which is the root of the width, and by an EmbeddingScale of 12; say one of them",
                "EmbeddingScale = 12"
            )
        );

    [Fact]
    public void An_odd_head_is_fine_without_rotary_positions() =>
        GeneratorRun
            .Of(Declarations.Model("512, 64, 64, 4, Positions = Positions.Learned", attention: "[Attention(heads: 4, HeadSize = 15)]"))
            .AssertClean();

    [Theory]
    [InlineData("0", "0")]
    [InlineData("1.5", "1.5")]
    [InlineData("double.NaN", "NaN")]
    public void The_rotary_fraction_lies_between_0_and_1(string written, string value) =>
        Reported.Assert(
            Declarations.Model($"512, 64, 64, 4, RotaryFraction = {written}"),
            new Reported("LRK0205", $"RotaryFraction is {value}; it must lie in (0, 1]", $"RotaryFraction = {written}")
        );

    [Theory]
    [InlineData("RotaryBase", "0", "0")]
    [InlineData("RotaryBase", "double.PositiveInfinity", "Infinity")]
    [InlineData("NormEpsilon", "-1e-5", "-1E-05")]
    [InlineData("NormEpsilon", "double.NaN", "NaN")]
    [InlineData("EmbeddingScale", "0", "0")]
    [InlineData("LogitScale", "-2", "-2")]
    [InlineData("LogitSoftCap", "0", "0")]
    public void Base_and_epsilon_are_positive_and_finite(string name, string written, string value) =>
        Reported.Assert(
            Declarations.Model($"512, 64, 64, 4, {name} = {written}"),
            new Reported("LRK0206", $"{name} is {value}; it must be positive and finite", $"{name} = {written}")
        );

    [Fact]
    public void Enum_arguments_are_values_of_their_enum() =>
        Reported.Assert(
            Declarations.Model(
                "512, 64, 64, 4, Positions = (Positions)7, Norm = (Norm)(-1), Bias = (Bias)3, Residual = (Residual)2",
                feedForward: "[FeedForward(256, (Activation)9), LowRank(8, Guide = (Guide)4, Schedule = (Schedule)5)]"
            ),
            new("LRK0207", "Positions is 7, which is no value of Positions; use one of Rotary, Learned, None", "Positions = (Positions)7"),
            new("LRK0207", "Norm is -1, which is no value of Norm; use one of RmsNorm, LayerNorm", "Norm = (Norm)(-1)"),
            new("LRK0207", "Bias is 3, which is no value of Bias; use one of None, All, QueryKeyValue", "Bias = (Bias)3"),
            new("LRK0207", "Residual is 2, which is no value of Residual; use one of Sequential, Parallel", "Residual = (Residual)2"),
            new(
                "LRK0207",
                "activation is 9, which is no value of Activation; use one of Silu, Gelu, GeluTanh, Relu, ReluSquared",
                "(Activation)9"
            ),
            new("LRK0207", "Guide is 4, which is no value of Guide; use one of Mixed, Sampled, None", "Guide = (Guide)4"),
            new("LRK0207", "Schedule is 5, which is no value of Schedule; use one of Cosine, Linear", "Schedule = (Schedule)5")
        );

    [Fact]
    public void Latent_attention_has_its_own_options()
    {
        GeneratorRun
            .Of(
                Declarations.Model(
                    attention: "[Attention(4, KeyValueRank = 16, QueryRank = 24, RotarySize = 8, ValueSize = 12, Window = 32)]"
                )
            )
            .AssertClean();
        GeneratorRun
            .Of(
                Declarations.Model(
                    "vocabulary: 512, context: 64, width: 64, depth: 4, Positions = Positions.None",
                    attention: "[Attention(4, KeyValueRank = 16, LatentNorm = false)]"
                )
            )
            .AssertClean();
    }

    [Theory]
    [InlineData("QueryRank = 24")]
    [InlineData("RotarySize = 8")]
    [InlineData("ValueSize = 16")]
    [InlineData("LatentNorm = true")]
    public void Options_of_latent_attention_mean_nothing_without_a_latent_vector(string option) =>
        Reported.Assert(
            Declarations.Model(attention: $"[Attention(4, {option})]"),
            new Reported(
                "LRK0009",
                $"{option.Split(' ')[0]} of [Attention] on 'Attention' has no effect: without KeyValueRank the attention has no latent vectors; leave it out",
                option
            )
        );

    [Theory]
    [InlineData(
        "KeyValueHeads = 3",
        "every head has keys and values of its own, expanded from the latent vector that all share",
        "Positions.Rotary"
    )]
    [InlineData("QueryKeyNorm = QueryKeyNorm.Head", "the latent vectors are normalized instead, by LatentNorm", "Positions.Rotary")]
    [InlineData("RotaryFraction = 0.5", "its RotarySize says how much of a query is rotated", "Positions.Rotary")]
    [InlineData("RotarySize = 8", "positions are Positions.Learned, which rotate nothing", "Positions.Learned")]
    public void Latent_attention_excludes_some_options(string option, string reason, string positions)
    {
        var rotary = positions == "Positions.Rotary" ? "RotarySize = 4, " : "";
        Reported.Assert(
            Declarations.Model(
                $"vocabulary: 512, context: 64, width: 64, depth: 4, Positions = {positions}",
                attention: $"[Attention(4, {rotary}KeyValueRank = 16, {option})]"
            ),
            new Reported(
                "LRK0220",
                $"'Attention' is latent attention (KeyValueRank 16), which excludes {option.Split(' ')[0]}: {reason}; leave {option.Split(' ')[0]} out, or KeyValueRank",
                option
            )
        );
    }

    [Theory]
    [InlineData("KeyValueRank = 16, RotarySize = 7", "7", "RotarySize = 7")]
    [InlineData("KeyValueRank = 16", "left out", "KeyValueRank = 16")]
    public void Rotary_positions_turn_pairs_of_latent_attention(string options, string size, string at) =>
        Reported.Assert(
            Declarations.Model(attention: $"[Attention(4, {options})]"),
            new Reported(
                "LRK0221",
                $"Rotary positions turn pairs of elements, but RotarySize of 'Attention' is {size}; latent attention needs an even one of at least 2",
                at
            )
        );

    [Fact]
    public void A_latent_vector_saves_weights() =>
        Reported.Assert(
            Declarations.Model(attention: "[Attention(4, KeyValueRank = 43, QueryRank = 36, RotarySize = 4)]"),
            new(
                "LRK0222",
                "KeyValueRank 43 of 'Attention' saves nothing: the ways down and up hold 8256 weights, where 8192 would project keys and values directly (break-even at 42.7)",
                "KeyValueRank = 43"
            ),
            new(
                "LRK0222",
                "QueryRank 36 of 'Attention' saves nothing: the ways down and up hold 5184 weights, where 5120 would project queries directly (break-even at 35.6)",
                "QueryRank = 36"
            )
        );

    [Fact]
    public void Latent_attention_rotates_what_its_rotary_size_says() =>
        Reported.Assert(
            Declarations.Model(
                "vocabulary: 512, context: 64, width: 64, depth: 4, RotaryFraction = 0.5",
                attention: "[Attention(4, KeyValueRank = 16, RotarySize = 4)]"
            ),
            new Reported(
                "LRK0009",
                "RotaryFraction of [Transformer] on 'Model' has no effect: every attention that rotates has its own; leave it out",
                "RotaryFraction = 0.5"
            )
        );

    [Theory]
    [InlineData("RotarySize = 2_000_000_000", "4 heads × (head size 16 + rotary size 2000000000)", "KeyValueRank = 16")]
    [InlineData("RotarySize = 4, ValueSize = 2_000_000_000", "4 heads × value size 2000000000", "KeyValueRank = 16")]
    [InlineData("RotarySize = 4", "rank 2147483647 + rotary size 4", "KeyValueRank = 2_147_483_647")]
    public void Sizes_of_latent_attention_fit_their_type(string options, string words, string rank)
    {
        var finding = Assert.Single(GeneratorRun.Of(Declarations.Model(attention: $"[Attention(4, {rank}, {options})]")).Findings);
        Assert.Equal("LRK0501", finding.Id);
        Assert.Contains(words, finding.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
