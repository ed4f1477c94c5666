using LowRank.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>
/// Modules of the user's own in the blocks: a recurrent one with parameters of its own and a guide, one that can only read all tokens
/// again, attention and feed-forward of low rank beside them.
/// </summary>
[Transformer(vocabulary: 300, context: 32, width: 32, depth: 4, ActivationCheckpointing = true)]
[LowRank(rank: 6, phaseOut: 0.8)]
[DenseBaseline]
public partial class PartedForm
{
    [Part(typeof(RunningSum), Layers = "..:2")]
    public partial Sublayer Sums { get; }

    [Part(typeof(LookBack), Layers = "1..:2")]
    public partial Sublayer Looks { get; }

    [Attention(heads: 4, Layers = "2..")]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 64)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>The same modules beside each other, all reading what the block was given.</summary>
[Transformer(
    vocabulary: 300,
    context: 32,
    width: 32,
    depth: 2,
    Norm = Norm.LayerNorm,
    NormPlacement = NormPlacement.After,
    Bias = Bias.All,
    Residual = Residual.Parallel
)]
public partial class PartedParallel
{
    [Part(typeof(RunningSum))]
    public partial Sublayer Sums { get; }

    [Part(typeof(LookBack))]
    public partial Sublayer Looks { get; }
}

/// <summary>A sum that forgets, channel by channel, over a layer of low rank with a sampled guide.</summary>
[Module(OwnParameters = Width, OwnFlopsPerRow = 2 * Width, KeptPerRow = 4 * Width, StateSize = Width)]
public partial class RunningSum : IRecurrentModule
{
    private const int Width = 32;
    private Parameter decay = null!;

    [Linear(Width, Width), LowRank(rank: 4, phaseOut: 0.5, Guide = Guide.Sampled)]
    public partial LinearLayer Input { get; }

    [Linear(Width, Width, Bias = true)]
    public partial LinearLayer Output { get; }

    public Tensor forward(Tensor x) => Sum(x, before: null).Output.DetachFromDisposeScope();

    public Tensor forward(Tensor x, RecurrentState state)
    {
        var (output, sum) = Sum(x, state["sum"]);
        state["sum"] = sum;
        return output;
    }

    private (Tensor Output, Tensor Sum) Sum(Tensor x, Tensor? before)
    {
        using var scope = NewDisposeScope();
        using Scalar one = 1;
        var inputs = Input.forward(x);
        var kept = decay.sigmoid().to(x.dtype);
        var sums = new List<Tensor>();
        for (var token = 0; token < x.shape[1]; token++)
        {
            var added = inputs.select(1, token);
            before = before is null ? added.clone() : added.addcmul(before, kept, one);
            sums.Add(before);
        }

        var all = stack(sums, 1);
        return (Output.forward(all).MoveToOuterDisposeScope(), before!.MoveToOuterDisposeScope());
    }

    partial void OnCreated(ModelOptions options)
    {
        decay = new Parameter(linspace(-1, 2, Width, options.DataType, options.Device));
        register_parameter("decay", decay);
    }
}

/// <summary>Twice a step back, through parts of its own. It has no state.</summary>
[Module]
public partial class LookBack : ISequenceModule
{
    [Part(Count = 2)]
    public partial IReadOnlyList<StepBack> Steps { get; }

    public Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Steps.Aggregate(x.alias(), (stream, step) => step.forward(stream)).MoveToOuterDisposeScope();
    }
}

/// <summary>A token's vector and a learned view of the one before it.</summary>
[Module]
public partial class StepBack
{
    private const int Width = 32;

    [Normalization(Width)]
    public partial RmsNorm Norm { get; }

    [Linear(Width, Width)]
    public partial LinearLayer Before { get; }

    public Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        using Scalar one = 1;
        var normalized = Norm.forward(x);
        var views = Before.forward(normalized);
        var earlier = views.narrow(1, 0, x.shape[1] - 1);
        var nothing = zeros([x.shape[0], 1, x.shape[2]], views.dtype, views.device);
        var shifted = cat([nothing, earlier], 1);
        return shifted.add(x, one).MoveToOuterDisposeScope();
    }
}
