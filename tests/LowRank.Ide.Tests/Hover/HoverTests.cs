using LowRank.Ide.Tests.Workspaces;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.QuickInfo;

namespace LowRank.Ide.Tests.Hover;

/// <summary>What an editor shows under the mouse, from the service that editors ask.</summary>
public sealed class HoverTests
{
    private const string Paper = """
        using LowRank;

        namespace Papers;

        /// <summary>The 1.3 B transformer of Wei et al.</summary>
        [Transformer(vocabulary: 32_000, context: 1_024, width: 2_048, depth: 24,
                     Norm = Norm.LayerNorm, Bias = Bias.All, TieEmbeddings = true)]
        [TrainingRun(tokens: 25_500_000_000, sequencesPerStep: 512)]
        public partial class PaperXl
        {
            /// <summary>Who attends to whom.</summary>
            [Attention(heads: 16)]
            public partial Sublayer Attention { get; }

            [FeedForward(hidden: 8_192, Activation.GeluTanh)]
            [LowRank(rank: 1_024, phaseOut: 0.5, Layers = "1..")]
            public partial Sublayer FeedForward { get; }

            private static long Parameters => Cost.Parameters;
            private static long ForwardFlops => Cost.ForwardFlopsPerToken;
            private static decimal Flops => Cost.TrainingFlops;
        }
        """;

    [Fact]
    public async Task A_class_shows_the_users_summary_and_the_table_of_costs()
    {
        var hover = await AtAsync("PaperXl\n");
        AssertShows(
            hover,
            "The 1.3 B transformer of Wei et al.",
            "984,731,648 parameters once every guide is gone; 1,756,483,584 at the first step.",
            "1.8822e20 (paper convention)",
            "FeedForward, blocks 1 to 23, rank 1,024",
            "while guided"
        );
    }

    [Fact]
    public async Task A_sublayer_shows_the_users_text_its_shapes_and_its_costs()
    {
        AssertShows(
            await AtAsync("Attention { get"),
            "Who attends to whom.",
            "[batch, sequence, 2048] to the same shape.",
            "Query 2048 → 2048",
            "parameters",
            "FLOPs per token"
        );
        AssertShows(
            await AtAsync("FeedForward { get"),
            "Block 0: Up 2048 → 8192, Down 8192 → 2048.",
            "Blocks 1 to 23: Up 2048 → 1024 → 8192, Down 8192 → 1024 → 2048.",
            "while guided"
        );
    }

    [Theory]
    [InlineData("Parameters;", "984731648")]
    [InlineData("ForwardFlopsPerToken;", "ForwardFlopsPerToken = ")]
    [InlineData("TrainingFlops;", "TrainingFlops = 188")]
    public async Task A_constant_shows_its_value(string at, string value) =>
        // Newer editors group the digits.
        AssertShows((await AtAsync(at)).Replace("_", "", StringComparison.Ordinal), value);

    [Theory]
    [InlineData("vocabulary:", "Number of token ids, and of rows of the embedding.")]
    [InlineData("context:", "Longest sequence the model is trained on")]
    [InlineData("width:", "Size of the residual stream")]
    [InlineData("depth:", "Number of blocks.")]
    [InlineData("Norm =", "Normalization at every sublayer")]
    [InlineData("Bias =", "Which linear layers add a bias.")]
    [InlineData("TieEmbeddings =", "Whether the head reuses the token embedding")]
    [InlineData("tokens:", "Number of training tokens.")]
    [InlineData("sequencesPerStep:", "in one optimizer step.")]
    [InlineData("heads:", "Number of query heads.")]
    [InlineData("hidden:", "Size of the hidden layer.")]
    [InlineData("rank:", "Inner size of the factors")]
    [InlineData("phaseOut:", "Fraction of the training steps")]
    [InlineData("Layers =", "The blocks that are factored, as C# ranges over the depth")]
    [InlineData("GeluTanh", "GELU in its tanh approximation")]
    public async Task An_argument_shows_its_meaning(string at, string meaning) => AssertShows(await AtAsync(at), meaning);

    [Theory]
    [InlineData("Transformer(", "Declares a decoder-only language model")]
    [InlineData("Attention(", "Declares a causal self-attention sublayer")]
    [InlineData("FeedForward(", "Declares a feed-forward sublayer")]
    [InlineData("LowRank(", "Saves parameters and FLOPs while the rank stays below the break-even")]
    [InlineData("TrainingRun(", "training totals are known at compile time")]
    public async Task An_attribute_shows_what_it_declares(string at, string meaning) => AssertShows(await AtAsync(at), meaning);

    private static void AssertShows(string hover, params string[] texts) =>
        Assert.All(texts, text => Assert.Contains(text, hover, StringComparison.Ordinal));

    private static async Task<string> AtAsync(string text)
    {
        var document = UserProject.Of(Paper);
        var position = Paper.IndexOf(text, StringComparison.Ordinal);
        Assert.True(position >= 0, text);
        var info = await QuickInfoService.GetService(document)!.GetQuickInfoAsync(document, position);
        Assert.True(info is not null, $"There is no hover at '{text}'.");
        return string.Join("\n", info.Sections.Select(section => section.Text));
    }
}
