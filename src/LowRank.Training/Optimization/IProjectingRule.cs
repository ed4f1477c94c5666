using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>A rule that needs no more of a gradient than its projection: the norm of the whole is taken of that, too.</summary>
internal interface IProjectingRule : IUpdateRule
{
    /// <summary>Whether a buffer is updated by this rule.</summary>
    bool Has(FlatBuffer buffer);

    /// <summary>Projects the gradients of the buffers that are active, whose updates count the coming one.</summary>
    /// <returns>The projections that this process updates by; they stay the rule's, until its update.</returns>
    IReadOnlyList<Tensor> Project();
}
