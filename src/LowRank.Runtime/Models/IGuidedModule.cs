using LowRank.Layers;

namespace LowRank.Models;

/// <summary>A module whose factored layers may have guides: what a training loop has to call, whatever the architecture is.</summary>
public interface IGuidedModule
{
    /// <summary>Whether any guide still exists.</summary>
    bool HasGuide { get; }

    /// <summary>Every factored linear layer of the module.</summary>
    IEnumerable<LowRankLinear> FactoredLinears { get; }

    /// <summary>
    /// Begins an optimizer step, before its first forward pass: blends the guides in, or releases those whose time is over. At
    /// <paramref name="step"/> = <paramref name="steps"/> the run is over: no guide is left, and there is nothing to update.
    /// </summary>
    /// <param name="step">The step, counted from 0.</param>
    /// <param name="steps">Optimizer steps of the whole run.</param>
    /// <returns>The step; hold it in a <c>using</c>, and call its <c>Update</c> after the last backward pass.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative or above <paramref name="steps"/>.</exception>
    /// <exception cref="InvalidOperationException">The step before is still open, or was disposed without an update.</exception>
    StepScope BeginStep(long step, long steps);
}
