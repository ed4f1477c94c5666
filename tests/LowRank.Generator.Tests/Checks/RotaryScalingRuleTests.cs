using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

/// <summary>What a <c>[RotaryScaling]</c> may say, and where it may stand.</summary>
public sealed class RotaryScalingRuleTests
{
    private const string Sizes = "512, 64, 64, 4";

    [Theory]
    [InlineData("RotaryScalingType.Linear, factor: 0.5", "factor", "0.5", "be finite and at least 1", "factor: 0.5")]
    [InlineData(
        "RotaryScalingType.Llama3, 8",
        "OriginalContext",
        "left out",
        "be the context that the frequencies were trained with",
        "RotaryScaling(RotaryScalingType.Llama3, 8)"
    )]
    [InlineData(
        "RotaryScalingType.Yarn, 8, OriginalContext = -1",
        "OriginalContext",
        "-1",
        "be positive and finite",
        "OriginalContext = -1"
    )]
    [InlineData(
        "RotaryScalingType.Llama3, 8, OriginalContext = 16, LowFrequencyFactor = 4",
        "LowFrequencyFactor",
        "4",
        "be below HighFrequencyFactor, which is 4",
        "LowFrequencyFactor = 4"
    )]
    [InlineData(
        "RotaryScalingType.Yarn, 8, OriginalContext = 16, BetaSlow = 33",
        "BetaSlow",
        "33",
        "be below BetaFast, which is 32",
        "BetaSlow = 33"
    )]
    [InlineData(
        "RotaryScalingType.Yarn, 8, OriginalContext = 16, AttentionFactor = 0",
        "AttentionFactor",
        "0",
        "be positive and finite",
        "AttentionFactor = 0"
    )]
    public void Its_numbers_are_such_that_its_formula_takes(string arguments, string option, string value, string demand, string at) =>
        Reported.Assert(
            Declarations.Model(Sizes, attributes: $"[RotaryScaling({arguments})]"),
            new Reported("LRK0210", $"{option} of [RotaryScaling] on 'Model' is {value}; it must {demand}", at)
        );

    [Theory]
    [InlineData("", "ShortFactors", "left out", "hold 8 numbers, one for each pair of elements that turns", null)]
    [InlineData(
        "1, 2, 3",
        "ShortFactors",
        "a list of 3",
        "hold 8 numbers, one for each pair of elements that turns",
        "ShortFactors = new double[] { 1, 2, 3 }"
    )]
    [InlineData(
        "1, 1, 1, 1, 1, 1, 1, 0",
        "ShortFactors",
        "a list with 0",
        "hold positive and finite numbers",
        "ShortFactors = new double[] { 1, 1, 1, 1, 1, 1, 1, 0 }"
    )]
    public void LongRope_wants_a_number_for_each_pair(string factors, string option, string value, string demand, string? at)
    {
        const string Long = "LongFactors = new double[] { 1, 2, 3, 4, 5, 6, 7, 8 }";
        var given = factors.Length == 0 ? "" : $"ShortFactors = new double[] {{ {factors} }}, ";
        var arguments = $"RotaryScaling(RotaryScalingType.LongRope, 8, OriginalContext = 16, {given}{Long})";
        Reported.Assert(
            Declarations.Model(Sizes, attributes: $"[{arguments}]"),
            new Reported("LRK0210", $"{option} of [RotaryScaling] on 'Model' is {value}; it must {demand}", at ?? arguments)
        );
    }

    [Fact]
    public void LongRope_takes_the_root_of_a_logarithm() =>
        Reported.Assert(
            Declarations.Model(
                Sizes,
                attributes: "[RotaryScaling(RotaryScalingType.LongRope, 8, OriginalContext = 1, ShortFactors = new double[] { 1, 1, 1, 1, 1, 1, 1, 1 }, LongFactors = new double[] { 1, 1, 1, 1, 1, 1, 1, 1 })]"
            ),
            new Reported(
                "LRK0210",
                "OriginalContext of [RotaryScaling] on 'Model' is 1; it must be at least 2 for RotaryScalingType.LongRope",
                "OriginalContext = 1"
            )
        );

    [Fact]
    public void Yarn_wants_frequencies_that_fall() =>
        Reported.Assert(
            Declarations.Model(Sizes + ", RotaryBase = 1", attributes: "[RotaryScaling(RotaryScalingType.Yarn, 8, OriginalContext = 16)]"),
            new Reported(
                "LRK0210",
                "RotaryBase of [RotaryScaling] on 'Model' is 1; it must be above 1 for RotaryScalingType.Yarn",
                "RotaryScaling(RotaryScalingType.Yarn, 8, OriginalContext = 16)"
            )
        );

    [Theory]
    [InlineData("RotaryScalingType.Linear, 8, OriginalContext = 16", "OriginalContext", "Linear", "OriginalContext = 16")]
    [InlineData("RotaryScalingType.Llama3, 8, OriginalContext = 16, BetaFast = 32", "BetaFast", "Llama3", "BetaFast = 32")]
    [InlineData(
        "RotaryScalingType.Yarn, 8, OriginalContext = 16, LowFrequencyFactor = 1",
        "LowFrequencyFactor",
        "Yarn",
        "LowFrequencyFactor = 1"
    )]
    [InlineData(
        "RotaryScalingType.Linear, 8, LongFactors = new double[] { 1 }",
        "LongFactors",
        "Linear",
        "LongFactors = new double[] { 1 }"
    )]
    public void What_its_type_does_not_ask_for_is_idle(string arguments, string option, string type, string at) =>
        Reported.Assert(
            Declarations.Model(Sizes, attributes: $"[RotaryScaling({arguments})]"),
            new Reported(
                "LRK0009",
                $"{option} of [RotaryScaling] on 'Model' has no effect: RotaryScalingType.{type} does not ask for it; leave it out",
                at
            )
        );

    [Fact]
    public void It_scales_something()
    {
        Reported.Assert(
            Declarations.Model(Sizes + ", Positions = Positions.None", attributes: "[RotaryScaling(RotaryScalingType.Linear, 8)]"),
            new Reported(
                "LRK0211",
                "[RotaryScaling] on 'Model' scales nothing: no attention rotates that has none of its own; take it away",
                "RotaryScaling(RotaryScalingType.Linear, 8)"
            )
        );
        Reported.Assert(
            Declarations.Model(Sizes, feedForward: "[FeedForward(256), RotaryScaling(RotaryScalingType.Linear, 8)]"),
            new Reported(
                "LRK0211",
                "[RotaryScaling] on 'FeedForward' scales nothing: it does not attend, and only attention rotates; take it away",
                "RotaryScaling(RotaryScalingType.Linear, 8)"
            )
        );
        Reported.Assert(
            Declarations.Model(Sizes, attention: "[Attention(4, Positions = Positions.None), RotaryScaling(RotaryScalingType.Linear, 8)]"),
            new Reported(
                "LRK0211",
                "[RotaryScaling] on 'Attention' scales nothing: its positions are Positions.None, which rotate nothing; take it away",
                "RotaryScaling(RotaryScalingType.Linear, 8)"
            )
        );
    }

    [Fact]
    public void The_type_is_one_of_the_enums() =>
        Reported.Assert(
            Declarations.Model(Sizes, attributes: "[RotaryScaling((RotaryScalingType)7, 8, OriginalContext = 16)]"),
            new Reported(
                "LRK0207",
                "type is 7, which is no value of RotaryScalingType; use one of Linear, Llama3, Yarn, LongRope",
                "(RotaryScalingType)7"
            )
        );
}
