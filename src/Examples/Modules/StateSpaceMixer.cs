using LowRank.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Examples.Modules;

/// <summary>
/// A diagonal state-space layer with a gate, 64 wide: every channel is a running average whose decay is learned, as in the simplest of the
/// layers that Gu et al. (2022, arXiv:2206.11893) describe. A sequence module with a state of one number per channel.
/// </summary>
/// <remarks>
/// Its own parameters are the logits of the decays. Per token the recurrence costs 3 FLOPs a channel, the gate 2; over whole sequences the
/// same sums are taken at once, as a product with the channel's powers, which the causal mask makes a triangle.
/// </remarks>
[Module(OwnParameters = Width, OwnFlopsPerRow = 5 * Width, StateSize = Width)]
public partial class StateSpaceMixer : IRecurrentModule
{
    private const int Width = 64;
    private const string Average = "average";
    private Parameter decay = null!;

    /// <summary>Into the averages and the gate.</summary>
    [Linear(Width, 2 * Width)]
    public partial LinearLayer Input { get; }

    /// <summary>Back into the stream.</summary>
    [Linear(Width, Width)]
    public partial LinearLayer Output { get; }

    /// <inheritdoc/>
    public Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        using Scalar zero = 0,
            one = 1,
            end = x.shape[1];
        var (values, gate, rate) = Project(x);
        var places = arange(zero, end, one, rate.dtype, x.device);
        var (here, before, logarithms) = (places.unsqueeze(1), places.unsqueeze(0), rate.log().view(-1, 1, 1));
        var distances = here.add(before.neg(), one).clamp(zero);
        var powers = logarithms.mul(distances).exp().tril().to(x.dtype); // [width, sequence, sequence]
        var averages = einsum("dts,bsd->btd", powers, values);
        var gated = averages.mul(gate);
        return Output.forward(gated).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor forward(Tensor x, RecurrentState state)
    {
        using var scope = NewDisposeScope();
        using Scalar one = 1;
        var (values, gate, rate) = Project(x);
        var decayed = rate.to(x.dtype);
        var average = state[Average];
        var averages = new List<Tensor>();
        for (var token = 0; token < x.shape[1]; token++)
        {
            var value = values.select(1, token);
            average = average is null ? value.clone() : value.addcmul(average, decayed, one);
            averages.Add(average);
        }

        state[Average] = average;
        var gated = stack(averages, 1).mul(gate);
        return Output.forward(gated).MoveToOuterDisposeScope();
    }

    // The rates lie between 0 and 1, from a half to almost 1 at the beginning: the channels look back at different lengths.
    private (Tensor Values, Tensor Gate, Tensor Rate) Project(Tensor x)
    {
        var joint = Input.forward(x);
        var parts = joint.chunk(2, -1);
        var rate = decay.sigmoid();
        // 1 − rate: a running sum of weight 1 in the limit.
        using var opposite = decay.neg();
        using var rest = opposite.sigmoid();
        using var weight = rest.to(x.dtype);
        return (parts[0].mul(weight), nn.functional.silu(parts[1]), rate);
    }

    partial void OnCreated(ModelOptions options)
    {
        decay = new Parameter(linspace(0, 5, Width, options.DataType, options.Device));
        register_parameter("decay", decay);
    }
}
