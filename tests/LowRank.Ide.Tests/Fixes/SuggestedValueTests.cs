using LowRank.Ide.Tests.Workspaces;

namespace LowRank.Ide.Tests.Fixes;

/// <summary>Values that rules suggest, put in the place of those that are wrong.</summary>
public sealed class SuggestedValueTests
{
    [Theory]
    [InlineData("LRK0201", "vocabulary: 512, context: 0, width: 64, depth: 4", "context", "1", "context: 1,")]
    [InlineData("LRK0205", "512, 64, 64, 4, RotaryFraction = 25", "RotaryFraction", "0.25", "RotaryFraction = 0.25")]
    [InlineData("LRK0205", "512, 64, 64, 4, RotaryFraction = 25", "RotaryFraction", "1.0", "RotaryFraction = 1.0")]
    [InlineData("LRK0205", "512, 64, 64, 4, RotaryFraction = 0", "RotaryFraction", "1.0", "RotaryFraction = 1.0")]
    [InlineData("LRK0206", "512, 64, 64, 4, RotaryBase = -1", "RotaryBase", "10_000", "RotaryBase = 10_000")]
    [InlineData("LRK0206", "512, 64, 64, 4, NormEpsilon = 0", "NormEpsilon", "1e-5", "NormEpsilon = 1e-5")]
    [InlineData("LRK0207", "512, 64, 64, 4, Norm = (Norm)7", "Norm", "Norm.RmsNorm", "Norm = Norm.RmsNorm")]
    [InlineData("LRK0207", "512, 64, 64, 4, Norm = (Norm)7", "Norm", "Norm.LayerNorm", "Norm = Norm.LayerNorm")]
    public Task Of_the_transformer(string id, string transformer, string argument, string value, string expected) =>
        AssertAsync(id, argument, value, expected, Source.Model(transformer));

    [Theory]
    [InlineData("LRK0201", "Attention(heads: 0)", "heads", "1", "heads: 1)")]
    [InlineData("LRK0201", "Attention(4, Window = 0)", "Window", "1", "Window = 1)")]
    [InlineData("LRK0202", "Attention(heads: 15)", "heads", "16", "heads: 16)")]
    [InlineData("LRK0203", "Attention(heads: 8, KeyValueHeads = 3)", "KeyValueHeads", "4", "KeyValueHeads = 4")]
    [InlineData("LRK0204", "Attention(heads: 4, HeadSize = 15)", "HeadSize", "16", "HeadSize = 16")]
    [InlineData("LRK0204", "Attention(heads: 64)", "heads", "32", "heads: 32")]
    public Task Of_attention(string id, string attribute, string argument, string value, string expected) =>
        AssertAsync(id, argument, value, expected, Source.Model(attention: $"[{attribute}]"));

    [Theory]
    [InlineData("LRK0301", "LowRank(rank: 0)", "rank", "48", "rank: 48)")]
    [InlineData("LRK0301", "LowRank(1_000)", "rank", "48", "LowRank(48)")]
    [InlineData("LRK0302", "LowRank(rank: 60)", "rank", "48", "rank: 48)")]
    [InlineData("LRK0303", "LowRank(16, phaseOut: 50)", "phaseOut", "0.5", "phaseOut: 0.5")]
    [InlineData("LRK0303", "LowRank(16, 1.5)", "phaseOut", "1.0", "LowRank(16, 1.0)")]
    [InlineData("LRK0303", "LowRank(16, double.NaN)", "phaseOut", "0.5", "LowRank(16, 0.5)")]
    [InlineData("LRK0304", "LowRank(16, Layers = \"1\")", "Layers", "\"1..2\"", "Layers = \"1..2\"")]
    [InlineData("LRK0304", "LowRank(16, Layers = \"1\")", "Layers", "\"1..\"", "Layers = \"1..\"")]
    [InlineData("LRK0304", "LowRank(16, Layers = \"all\")", "Layers", "\"..\"", "Layers = \"..\"")]
    [InlineData("LRK0305", "LowRank(16, Layers = \"2..6\")", "Layers", "\"2..\"", "Layers = \"2..\"")]
    [InlineData("LRK0305", "LowRank(16, Layers = \"^9..2\")", "Layers", "\"..2\"", "Layers = \"..2\"")]
    [InlineData("LRK0305", "LowRank(16, Layers = \"7..9\")", "Layers", "\"3..\"", "Layers = \"3..\"")]
    [InlineData("LRK0306", "LowRank(16, Layers = \"2..2\")", "Layers", "\"2..3\"", "Layers = \"2..3\"")]
    [InlineData("LRK0306", "LowRank(16, Layers = \"3..1\")", "Layers", "\"1..3\"", "Layers = \"1..3\"")]
    [InlineData("LRK0207", "LowRank(16, Guide = (Guide)9)", "Guide", "Guide.Sampled", "Guide = Guide.Sampled")]
    [InlineData("LRK0207", "LowRank(16, Projections = (Projections)0)", "Projections", "Projections.Up", "Projections = Projections.Up")]
    [InlineData("LRK0321", "LowRank(20)", "rank", "16", "LowRank(16)")]
    [InlineData("LRK0321", "LowRank(20)", "rank", "24", "LowRank(24)")]
    public Task Of_low_rank(string id, string attribute, string argument, string value, string expected) =>
        AssertAsync(id, argument, value, expected, Source.Model(feedForward: $"[FeedForward(256), {attribute}]"));

    [Theory]
    [InlineData("LRK0401", "1_000_000, 16, SequencesPerMicroBatch = 5", "SequencesPerMicroBatch", "4", "SequencesPerMicroBatch = 4")]
    [InlineData("LRK0402", "tokens: 1_000, sequencesPerStep: 16", "tokens", "1024", "tokens: 1_024")]
    public Task Of_the_training_run(string id, string arguments, string argument, string value, string expected) =>
        AssertAsync(id, argument, value, expected, Source.Model(attributes: $"[TrainingRun({arguments})]"));

    [Fact]
    public async Task One_rank_for_every_shape_that_it_factors()
    {
        var source = Source.Model(attributes: "[LowRank(rank: 40)]", attention: "[Attention(heads: 4, KeyValueHeads = 2)]");
        // 64 × 32 breaks even at 21.3, below which 16 is the largest that fills its tiles.
        Assert.Contains(
            "[LowRank(rank: 16)]",
            await AppliedFix.AssertAsync("LRK0302", "Change rank to 16", source),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task In_the_names_that_the_user_qualifies()
    {
        const string source = """
            [LowRank.Transformer(512, 64, 64, 4, Norm = (LowRank.Norm)7)]
            public partial class Model
            {
                [LowRank.Attention(heads: 4)]
                public partial LowRank.Sublayer Attention { get; }
            }
            """;
        Assert.Contains(
            "Norm = LowRank.Norm.LayerNorm",
            await AppliedFix.AssertAsync("LRK0207", "Change Norm to Norm.LayerNorm", source),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Everywhere_at_once()
    {
        var fixedText = await AppliedFix.AssertAllAsync(
            "LRK0303",
            "Change phaseOut to 0.5",
            Source.Model(attention: "[Attention(4), LowRank(16, 50)]", feedForward: "[FeedForward(256), LowRank(16, 25)]")
        );
        Assert.Contains("[Attention(4), LowRank(16, 0.5)]", fixedText, StringComparison.Ordinal);
        Assert.Contains("[FeedForward(256), LowRank(16, 0.25)]", fixedText, StringComparison.Ordinal);
    }

    private static async Task AssertAsync(string id, string argument, string value, string expected, string source) =>
        Assert.Contains(expected, await AppliedFix.AssertAsync(id, $"Change {argument} to {value}", source), StringComparison.Ordinal);
}
