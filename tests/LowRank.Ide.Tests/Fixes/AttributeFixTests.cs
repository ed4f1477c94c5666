using LowRank.Ide.Tests.Workspaces;

namespace LowRank.Ide.Tests.Fixes;

/// <summary>Fixes that add or remove whole attributes.</summary>
public sealed class AttributeFixTests
{
    [Theory]
    [InlineData("LRK0103", "FeedForward", "[Attention(4), FeedForward(256)]", "[Attention(4)]")]
    [InlineData("LRK0103", "Attention", "[Attention(4), FeedForward(256)]", "[FeedForward(256)]")]
    [InlineData("LRK0308", "Dense", "[FeedForward(256), LowRank(8), Dense]", "[FeedForward(256), LowRank(8)]")]
    [InlineData("LRK0308", "LowRank", "[FeedForward(256), LowRank(8), Dense]", "[FeedForward(256), Dense]")]
    [InlineData(
        "LRK0308",
        "LowRank",
        "[LowRank(8)]\n    // Small.\n    [FeedForward(256), Dense]",
        "// Small.\n    [FeedForward(256), Dense]"
    )]
    [InlineData("LRK0308", "Dense", "[Dense]\n    [FeedForward(256)]\n    [LowRank(8)]", "[FeedForward(256)]\n    [LowRank(8)]")]
    public async Task One_of_two_is_removed(string id, string removed, string attributes, string expected) =>
        Assert.Contains(
            $"/// <summary>Feeds forward.</summary>\n    {expected}\n    public partial Sublayer FeedForward",
            await AppliedFix.AssertAsync(id, $"Remove [{removed}]", Source.Model(feedForward: attributes)),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task One_that_selects_nothing_is_removed() =>
        Assert.Contains(
            "depth: 4)]\npublic partial class Model",
            await AppliedFix.AssertAsync(
                "LRK0307",
                "Remove [LowRank]",
                Source.Model(attributes: "[LowRank(8)]", attention: "[Attention(4), Dense]", feedForward: "[FeedForward(256), Dense]")
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_repeated_one_is_removed() =>
        Assert.Contains(
            "[Linear(64, 64), LowRank(8)] public",
            await AppliedFix.AssertAsync(
                "LRK0609",
                "Remove [LowRank]",
                "using LowRank;\nusing LowRank.Layers;\n[Module] public partial class M { [Linear(64, 64), LowRank(8), LowRank(rank: 16)] public partial LinearLayer A { get; } }"
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task One_that_means_nothing_is_removed() =>
        Assert.Equal(
            "using LowRank;\npublic class Plain;",
            await AppliedFix.AssertAsync("LRK0007", "Remove [DenseBaseline]", "using LowRank;\n[DenseBaseline]\npublic class Plain;")
        );

    [Fact]
    public async Task All_that_mean_nothing_are_removed() =>
        Assert.Equal(
            "using LowRank;\npublic class Plain;\npublic class Other { }",
            await AppliedFix.AssertAllAsync(
                "LRK0007",
                "Remove [DenseBaseline]",
                "using LowRank;\n[DenseBaseline]\npublic class Plain;\n[DenseBaseline]\npublic class Other { }"
            )
        );

    [Fact]
    public async Task A_class_becomes_the_model_that_its_attributes_ask_for() =>
        Assert.Contains(
            "[DenseBaseline]\n[Transformer(vocabulary: 32_000, context: 1_024, width: 512, depth: 8)]\npublic partial class Plain",
            await AppliedFix.AssertAsync(
                "LRK0007",
                "Add [Transformer(vocabulary: 32_000, context: 1_024, width: 512, depth: 8)] to 'Plain'",
                "using LowRank;\n[DenseBaseline]\npublic class Plain\n{\n    [Attention(8)] public partial Sublayer Attention { get; }\n}"
            ),
            StringComparison.Ordinal
        );
}
