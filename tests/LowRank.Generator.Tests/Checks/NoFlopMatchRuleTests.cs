using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

/// <summary>What is said where no dense model has a factored one's forward FLOPs.</summary>
public sealed class NoFlopMatchRuleTests
{
    [Theory]
    [InlineData("", "[Attention(heads: 4)]", "[FeedForward(256)]", "no layer is factored, so the dense model costs the same")]
    [InlineData(
        ", LowRank(8)",
        "[Attention(heads: 4)]",
        "[Attention(heads: 2)]",
        "no sublayer is feed-forward, whose hidden layer could be narrowed"
    )]
    // 512·64·2 + 4·(4·64·64·2 + 4·64·64 + 256), and the factors' 4·2·8·128 in the place of 4·64·64·2 beside a hidden size of 64.
    [InlineData(
        "",
        "[Attention(heads: 4), LowRank(8)]",
        "[FeedForward(64)]",
        "with hidden layers of size 1 the dense model still costs 263,168 forward FLOPs per token, and the factored one 229,376"
    )]
    public void Where_there_is_none_the_attribute_and_the_dense_model_say_why(
        string attributes,
        string attention,
        string feedForward,
        string reason
    )
    {
        var run = GeneratorRun
            .Of(Declarations.Model(attributes: $"[DenseBaseline{attributes}]", attention: attention, feedForward: feedForward))
            .AssertClean();
        Assert.Equal(
            new Reported("LRK0507", $"[DenseBaseline] on 'Model' gives no FLOP-matched dense model: {reason}", "DenseBaseline"),
            Reported.Of(Assert.Single(run.Notes, note => note.Id == "LRK0507"))
        );
        Assert.Contains(
            $"every low rank removed. There is no FLOP-matched one beside it: {reason}.</summary>",
            run.File("Declared.Model"),
            StringComparison.Ordinal
        );
        Assert.Null(run.Compilation.GetTypeByMetadataName("Declared.Model+FlopMatched"));
        Assert.NotNull(run.Compilation.GetTypeByMetadataName("Declared.Model+Dense"));
    }

    [Fact]
    public void Without_a_dense_baseline_nothing_is_missing() =>
        Assert.DoesNotContain(GeneratorRun.Of(Declarations.Model()).Notes, note => note.Id == "LRK0507");
}
