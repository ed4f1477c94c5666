using LowRank.Reparameterization;

namespace LowRank.Layers;

/// <summary>A module whose factored layers may have guides: what a training loop has to call, whatever the architecture is.</summary>
public interface IGuidedModule
{
    /// <summary>Whether any guide still exists.</summary>
    bool HasGuide { get; }

    /// <summary>Every factored linear layer of the module.</summary>
    IEnumerable<LowRankLinear> FactoredLinears { get; }

    /// <summary>Prepares an optimiser step, before its first forward pass: blends the guides in, or releases those whose time is over.</summary>
    /// <param name="step">Where the run stands.</param>
    /// <returns>The largest α of this step; 0 without a guide.</returns>
    double PrepareStep(TrainingStep step);

    /// <summary>
    /// Turns the gradients of the effective weights into those of guides and factors, and adds those of product decay, after the step's last
    /// backward pass.
    /// </summary>
    void ProjectGradients();

    /// <summary>Ends an optimiser step, after the optimiser: rebalances factors whose turn it is. Without any it does nothing.</summary>
    /// <param name="step">The step that was prepared.</param>
    void CompleteStep(TrainingStep step);

    /// <summary>FLOPs of the current optimiser step for forming effective weights and projecting their gradients.</summary>
    long LiveProjectionFlops();

    /// <summary>FLOPs of an optimiser step for product decay and rebalancing.</summary>
    /// <param name="step">The step.</param>
    long LiveUpkeepFlops(TrainingStep step);
}
