using LowRank.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Modules;

/// <summary>A module with adapters on the class and one of its own on a layer, as a sublayer beside an adapted attention.</summary>
[Transformer(vocabulary: 300, context: 32, width: 32, depth: 2)]
public partial class AdaptedHybrid
{
    [Part(typeof(AdaptedMixer))]
    public partial Sublayer Mixer { get; }

    [Attention(heads: 4), LoRA(rank: 3, alpha: 6)]
    public partial Sublayer Attention { get; }
}

/// <summary>Two layers with adapters, one after the other.</summary>
[Module, LoRA(rank: 2, alpha: 4)]
public partial class AdaptedMixer : ISequenceModule
{
    [Linear(32, 16)]
    public partial LinearLayer In { get; }

    [Linear(16, 32), LoRA(rank: 4, alpha: 8)]
    public partial LinearLayer Out { get; }

    public Tensor forward(Tensor x)
    {
        using var inner = In.forward(x);
        using var active = nn.functional.silu(inner);
        return Out.forward(active);
    }
}
