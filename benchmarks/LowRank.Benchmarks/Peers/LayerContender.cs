using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Peers;

/// <summary>How a linear layer is held and run.</summary>
internal enum LayerForm
{
    /// <summary>One matrix.</summary>
    Dense,

    /// <summary>Two thin ones.</summary>
    Factored,

    /// <summary>Both side by side, as Wei et al. (2024) run them.</summary>
    TwoBranches,

    /// <summary>Guide and factors blended into one matrix per optimizer step.</summary>
    EffectiveWeight,
}

/// <summary>One optimizer step's passes through one layer.</summary>
internal sealed class LayerContender : IDisposable
{
    private const double Alpha = 0.5;
    private readonly ModelOptions options;
    private readonly Tensor input;
    private readonly Tensor gradient;
    private readonly int microBatches;
    private readonly Linear? dense;
    private readonly LowRankLinear? factored;
    private readonly Tensor? guideGradient;

    public LayerContender(
        LayerForm form,
        long inputs,
        long outputs,
        int rank,
        ModelOptions options,
        Tensor input,
        Tensor gradient,
        int microBatches
    )
    {
        Rank = rank;
        this.options = options;
        this.input = input;
        this.gradient = gradient;
        this.microBatches = microBatches;
        if (form is LayerForm.Dense or LayerForm.TwoBranches)
            dense = new Linear(inputs, outputs, bias: false, options);
        if (form is not LayerForm.Dense)
            factored = new LowRankLinear(inputs, outputs, rank, bias: false, guide: form == LayerForm.EffectiveWeight, options);
        foreach (var parameter in (dense?.parameters() ?? []).Concat(factored?.parameters() ?? []))
            parameter.normal_(0, InitialWeights.StandardDeviation);
        if (factored?.Guide is not null)
        {
            // As FlatParameters lays them out for training.
            guideGradient = zeros_like(factored.Guide).DetachFromDisposeScope();
            factored.ShareGuideGradient(guideGradient);
            factored.Blend(Alpha);
        }

        Title = form switch
        {
            LayerForm.Factored => "factored",
            LayerForm.TwoBranches => "two branches",
            LayerForm.EffectiveWeight => "effective weight",
            _ => "dense",
        };
        var forward = (dense?.ForwardFlopsPerToken ?? 0) + (factored?.ForwardFlopsPerToken ?? 0);
        Flops = 3 * forward * microBatches * input.shape[0] + (factored?.ProjectionFlops ?? 0);
    }

    /// <summary>Inner size of the factors; 0 without any.</summary>
    public int Rank { get; }

    /// <summary>What it is called.</summary>
    public string Title { get; }

    /// <summary>FLOPs of a step: forward, both gradients, and what the guide takes once.</summary>
    public long Flops { get; }

    /// <summary>The step: outside autograd, as generated models run.</summary>
    public void Step()
    {
        factored?.Blend(Alpha);
        using (var tape = new Tape(options))
        {
            for (var microBatch = 0; microBatch < microBatches; microBatch++)
            {
                if (dense is not null && factored is not null)
                    BothBranches(dense, factored, tape);
                else
                    OneBranch(dense ?? (LinearLayer)factored!, tape);
            }
        }

        factored?.ProjectGradients();
    }

    private void OneBranch(LinearLayer layer, Tape tape)
    {
        using var output = layer.Record(input, tape);
        using var inputGradient = layer.Backward(gradient, tape);
    }

    private void BothBranches(Linear full, LowRankLinear thin, Tape tape)
    {
        using (var output = full.Record(input, tape))
        using (var thinOutput = thin.Record(input, tape))
            output.mul_(Alpha).add_(thinOutput, alpha: 1 - Alpha);
        using var thinGradient = gradient.mul(1 - Alpha);
        using var inputGradient = thin.Backward(thinGradient, tape);
        using var fullGradient = gradient.mul(Alpha);
        using var sum = full.Backward(fullGradient, tape, into: inputGradient);
    }

    public void Dispose()
    {
        dense?.Dispose();
        factored?.Dispose();
        guideGradient?.Dispose();
    }
}
