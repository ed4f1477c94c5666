using LowRank.Layers;
using LowRank.Reparameterization;

namespace LowRank.Models;

/// <summary>What a <see cref="StepScope"/> needs of the module that it trains.</summary>
internal interface ITrainedModule
{
    /// <summary>How the module was built.</summary>
    ModelOptions Options { get; }

    /// <summary>Its factored layers.</summary>
    IEnumerable<LowRankLinear> FactoredLinears { get; }

    /// <summary>The step begun last; null before the first.</summary>
    StepScope? CurrentStep { get; set; }

    /// <summary>Blends the guides in, or releases those whose time is over.</summary>
    /// <returns>The largest α; 0 without a guide.</returns>
    double PrepareStep(TrainingStep step);

    /// <summary>Turns the gradients of the effective weights into those of guides and factors, and adds those of product decay.</summary>
    void ProjectGradients();

    /// <summary>
    /// Ends the step of what is balanced by its loads: after the optimizer, or with a step that is skipped, whose loads are forgotten.
    /// </summary>
    /// <param name="isUpdated">Whether the optimizer has stepped.</param>
    void CompleteLoads(bool isUpdated);
}
