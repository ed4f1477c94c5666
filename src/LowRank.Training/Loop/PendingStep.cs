using static TorchSharp.torch;

namespace LowRank.Training.Loop;

/// <summary>A step that was sent to the device.</summary>
/// <param name="Step">Steps taken, this one included.</param>
/// <param name="LearningRate">Its learning rate.</param>
/// <param name="Alpha">The guide's share.</param>
/// <param name="Guided">Whether a guide existed.</param>
/// <param name="Flops">Its training FLOPs.</param>
/// <param name="Counted">How many of its targets count in the loss.</param>
/// <param name="Loss">Summed cross-entropy, then how many ranks are asked to stop, then the loads of experts, if there are any: all
/// float64.</param>
/// <param name="Norm">Norm of the whole gradient before clipping: one float64.</param>
internal sealed record PendingStep(
    long Step,
    double LearningRate,
    double Alpha,
    bool Guided,
    decimal Flops,
    long Counted,
    Tensor Loss,
    Tensor Norm
)
{
    /// <summary>Number of experts of each mixture whose loads stand in <see cref="Loss"/>.</summary>
    public IReadOnlyList<int> Experts { get; init; } = [];
}
