using LowRank.Ide.Tests.Workspaces;

namespace LowRank.Ide.Tests.Refactorings;

/// <summary>Transformers written by hand, and what is made of them.</summary>
public sealed class DeclareModuleTests
{
    private const string Title = "Declare 'HandWrittenDeclared' with these layers";

    private const string Module = """
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        namespace Own;

        /// <summary>Written by hand.</summary>
        internal sealed class HandWritten : Module<Tensor, Tensor>
        {
            private readonly Embedding tokens = Embedding(1000, 64);
            private readonly Embedding positions = Embedding(128, 64);
            private readonly ModuleList<HandWrittenBlock> blocks = new();
            private readonly LayerNorm norm = LayerNorm(64);
            private readonly Linear head = Linear(64, 1000, hasBias: false);

            public HandWritten() : base("hand")
            {
                for (var i = 0; i < 6; i++)
                    blocks.Add(new HandWrittenBlock());
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => head.forward(norm.forward(tokens.forward(x) + positions.forward(x)));
        }

        internal sealed class HandWrittenBlock : Module<Tensor, Tensor>
        {
            private const int Heads = 4;
            private const int Width = 64;
            private readonly LayerNorm norm = LayerNorm(Width);
            private readonly Linear queryKeyValue = Linear(Width, 3 * Width);
            private readonly Linear output = Linear(Width, Width);
            private readonly HandWrittenFeedForward feedForward = new();

            public HandWrittenBlock() : base("block") => RegisterComponents();

            public override Tensor forward(Tensor x) => feedForward.forward(output.forward(queryKeyValue.forward(norm.forward(x)).view(1, Heads)));
        }

        internal sealed class HandWrittenFeedForward : Module<Tensor, Tensor>
        {
            private readonly Linear up = Linear(64, 256);
            private readonly Linear down = Linear(256, 64);

            public HandWrittenFeedForward() : base("feed_forward") => RegisterComponents();

            public override Tensor forward(Tensor x) => down.forward(functional.gelu(up.forward(x)));
        }
        """;

    [Fact]
    public async Task A_transformer_written_by_hand_is_declared() =>
        Assert.Contains(
            """
            namespace Own;

            /// <summary>Declared after <see cref="HandWritten"/>: the same sizes; hold its numbers against it.</summary>
            [LowRank.Transformer(vocabulary: 1000, context: 128, width: 64, depth: 6, Positions = LowRank.Positions.Learned, Norm = LowRank.Norm.LayerNorm, Bias = LowRank.Bias.All)]
            internal partial class HandWrittenDeclared
            {
                [LowRank.Attention(heads: 4)]
                public partial LowRank.Sublayer Attention { get; }

                [LowRank.FeedForward(hidden: 256, LowRank.Activation.Gelu)]
                public partial LowRank.Sublayer FeedForward { get; }
            }

            /// <summary>Written by hand.</summary>
            """,
            await Refactored.AssertAsync(Title, Module, "HandWritten :"),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Grouped_queries_and_a_gate_are_seen()
    {
        var source = Edit(
            ("Linear(Width, 3 * Width)", "Linear(Width, Width)"),
            (
                "private readonly Linear output = Linear(Width, Width);",
                "private readonly Linear output = Linear(Width, Width), key = Linear(Width, 32), value = Linear(Width, 32);"
            ),
            ("private readonly Linear up = Linear(64, 256);", "private readonly Linear up = Linear(64, 256), gate = Linear(64, 256);")
        );
        var declared = await Refactored.AssertAsync(Title, source, "HandWritten :");
        Assert.Contains("[LowRank.Attention(heads: 4, KeyValueHeads = 2)]", declared, StringComparison.Ordinal);
        Assert.Contains("[LowRank.FeedForward(hidden: 256, LowRank.Activation.Gelu, Gated = true)]", declared, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blocks_made_by_a_query_are_seen() =>
        Assert.Contains(
            "depth: 8,",
            await Refactored.AssertAsync(
                Title,
                Edit(
                    (
                        "for (var i = 0; i < 6; i++)\n            blocks.Add(new HandWrittenBlock());",
                        "foreach (var block in System.Linq.Enumerable.ToArray(System.Linq.Enumerable.Select(System.Linq.Enumerable.Range(0, 8), _ => new HandWrittenBlock()))) blocks.Add(block);"
                    )
                ),
                "HandWritten :"
            ),
            StringComparison.Ordinal
        );

    [Theory]
    // A size that is no constant, a layer too many, a hidden layer that could be fused queries, no heads, another activation too.
    [InlineData("Embedding(1000, 64)", "Embedding(System.Environment.ProcessorCount, 64)")]
    [InlineData("Linear down = Linear(256, 64)", "Linear down = Linear(256, 64), more = Linear(64, 7)")]
    [InlineData("i < 6", "i < System.Environment.ProcessorCount")]
    [InlineData("Heads = 4", "Groups = 4")]
    [InlineData("functional.gelu(up.forward(x))", "functional.relu(functional.gelu(up.forward(x)))")]
    [InlineData("Linear(64, 1000, hasBias: false)", "Linear(64, 999, hasBias: false)")]
    [InlineData("Linear output = Linear(Width, Width)", "Linear output = Linear(Width, Width, hasBias: false)")]
    public async Task What_is_not_plainly_a_transformer_is_left_alone(string before, string after) =>
        Assert.Empty(await Refactored.TitlesAsync(Edit((before, after)), "HandWritten :"));

    private static string Edit(params (string Before, string After)[] edits)
    {
        var source = Module;
        foreach (var (before, after) in edits)
        {
            Assert.Contains(before, source, StringComparison.Ordinal);
            source = source.Replace(before, after, StringComparison.Ordinal);
        }

        return source;
    }
}
