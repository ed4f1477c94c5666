using LowRank.Generator.Tests.Checks;
using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Emission;

public sealed class ModuleTests
{
    private const string Encoder = """
        using System.Collections.Generic;
        using LowRank;
        using LowRank.Layers;
        using static TorchSharp.torch;

        namespace Declared;

        /// <summary>A block.</summary>
        [Module, LowRank(rank: 8, Guide = Guide.Sampled)]
        public partial class Block
        {
            /// <summary>Up.</summary>
            [Linear(64, 128, Bias = true)] public partial LinearLayer Up { get; }
            [Linear(128, 64), LowRank(16, phaseOut: 1, Schedule = Schedule.Linear)] public partial LinearLayer Down { get; }
            [Linear(64, 64, Count = 3), Dense] internal partial IReadOnlyList<LinearLayer> Mix { get; }
            [Normalization(64, Bias = true)] public partial LayerNorm Norm { get; }
        }

        /// <summary>An encoder.</summary>
        [Module]
        public partial class Encoder
        {
            [Embedding(100, 64)] public partial Embedding Tokens { get; }
            [Part(Count = 4)] public partial IReadOnlyList<Block> Blocks { get; }
            [Part] public partial Block Last { get; }
            [Linear(64, 10)] public partial LinearLayer @event { get; }

            private Tensor? scale;

            partial void OnCreated(ModelOptions options) => scale = ones(64, device: options.Device);

            /// <summary>Of any form.</summary>
            public Tensor forward(Tensor ids, bool pooled) => pooled ? Tokens.forward(ids) : scale!;
        }
        """;

    [Fact]
    public void Modules_and_their_parts()
    {
        var run = GeneratorRun.Of(Encoder).AssertClean();
        Snapshot.Assert(run.File("Encoder-module"), "EncoderModule");
        Snapshot.Assert(run.File("Block-module"), "BlockModule");
        Snapshot.Assert(run.File("Encoder-module-cost"), "EncoderModule-cost");
        Snapshot.Assert(run.File("Block-module-cost"), "BlockModule-cost");
    }

    [Fact]
    public void The_constants()
    {
        var run = GeneratorRun.Of(Encoder).AssertClean();
        const long factors = 8 * 192 + 16 * 192;
        const long block = factors + 128 + 3 * 4_096 + 128;
        Assert.Equal(block, run.Constant("Declared.Block+Cost", "Parameters"));
        Assert.Equal(2L * 8_192, run.Constant("Declared.Block+Cost", "GuideParameters"));
        Assert.Equal(2 * (factors + 3 * 4_096), run.Constant("Declared.Block+Cost", "ForwardFlopsPerRow"));
        Assert.Equal(6L * 24 * 8_192, run.Constant("Declared.Block+Cost", "ProjectionFlopsPerStep"));
        Assert.Equal(5 * block + 6_400 + 640, run.Constant("Declared.Encoder+Cost", "Parameters"));
        Assert.Equal(4 * block, run.Constant("Declared.Encoder+Cost+Blocks", "Parameters"));
        Assert.Equal(10L * 8_192 + 5 * block + 7_040, run.Constant("Declared.Encoder+Cost", "ParametersAtStart"));
    }

    [Fact]
    public void A_part_that_cannot_be_built_leaves_the_whole_compiling() =>
        Reported.AssertFindings(
            ModuleRuleTests.Module("[Part] public partial P A { get; }")
                + "\n[Module] public abstract partial class P { [Linear(4, 4)] public partial LinearLayer B { get; } }",
            new Reported("LRK0003", "'P' cannot be a model because it is abstract; declare the model as a plain partial class", "P")
        );

    [Fact]
    public void An_unknown_argument_is_the_compiler_s_to_report() =>
        Reported.AssertFindings(ModuleRuleTests.Module("[Linear(4, unknown)] public partial LinearLayer A { get; }"));
}
