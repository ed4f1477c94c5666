using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

public sealed class SublayerRuleTests
{
    [Fact]
    public void A_property_that_is_not_partial() =>
        Reported.Assert(
            Declarations.Model(members: "[Attention(4)] public Sublayer Second { get; } = null!;"),
            new Reported(
                "LRK0101",
                "'Second' carries [Attention] but is not a partial property without body; write 'public partial Sublayer Second { get; }'",
                "Second"
            )
        );

    [Fact]
    public void A_partial_property_with_a_body() =>
        Reported.Assert(
            Declarations.Model(
                members: "[Attention(4)] public partial Sublayer Second { get; }\n public partial Sublayer Second => null!;"
            ),
            new Reported(
                "LRK0101",
                "'Second' carries [Attention] but is not a partial property without body; write 'public partial Sublayer Second { get; }'",
                "Second"
            )
        );

    [Theory]
    [InlineData("public partial int Second { get; }", "of type int")]
    [InlineData("public partial Sublayer? Second { get; }", "of type LowRank.Sublayer?")]
    [InlineData("public partial ref readonly Sublayer Second { get; }", "of type ref readonly LowRank.Sublayer")]
    [InlineData("public static partial Sublayer Second { get; }", "static")]
    [InlineData("public partial Sublayer Second { get; set; }", "not get-only")]
    [InlineData("public partial Sublayer Second { get; private set; }", "not get-only")]
    [InlineData("public partial Sublayer Second { get; init; }", "not get-only")]
    public void A_property_of_the_wrong_form(string property, string what) =>
        Reported.Assert(
            Declarations.Model(members: "[Attention(4)] " + property),
            new Reported("LRK0102", $"'Second' is {what}; a sublayer is a get-only instance property of type LowRank.Sublayer", "Second")
        );

    [Fact]
    public void A_sublayer_of_two_kinds() =>
        Reported.Assert(
            Declarations.Model(members: "[Attention(4), FeedForward(256)] public partial Sublayer Second { get; }"),
            new Reported(
                "LRK0103",
                "'Second' carries both [Attention] and [FeedForward]; give each its own property, in the order in which they run",
                "Second"
            )
        );

    [Fact]
    public void A_sublayer_of_no_kind() =>
        Reported.Assert(
            Declarations.Model(members: "public partial Sublayer Second { get; }"),
            new Reported("LRK0104", "'Second' is a partial Sublayer without a kind; add [Attention], [FeedForward] or [Part]", "Second")
        );
}
