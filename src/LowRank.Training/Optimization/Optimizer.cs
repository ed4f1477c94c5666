using LowRank.Models;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// An optimizer: clipping by the norm of the whole gradient, then a rule for each kind of parameter. Gradients may be accumulated over
/// any number of micro-batches before a step.
/// </summary>
public abstract class Optimizer
{
    private readonly double clipNorm;
    private readonly IReadOnlyList<IUpdateRule> rules;

    /// <summary>Takes the rules; every buffer must have one.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="clipNorm">Largest norm of the whole gradient.</param>
    /// <param name="rules">The rules.</param>
    protected Optimizer(FlatParameters parameters, double clipNorm, params IReadOnlyList<IUpdateRule> rules)
    {
        Parameters = parameters;
        this.clipNorm = clipNorm;
        this.rules = rules;
    }

    /// <summary>The parameters.</summary>
    public FlatParameters Parameters { get; }

    /// <summary>Bytes of what is kept from step to step beside the parameters.</summary>
    public long StateBytes => Parameters.Buffers.Sum(buffer => buffer.StateBytes);

    /// <summary>Clips, updates the parameters that took part in the step, and clears their gradients. Waits for the device.</summary>
    /// <param name="learningRate">The step's learning rate.</param>
    /// <returns>Norm of the whole gradient before clipping.</returns>
    /// <exception cref="InvalidOperationException">The model has guides, and the call is not within
    /// <see cref="StepScope.Update{T}"/>.</exception>
    public double Step(double learningRate)
    {
        using var norm = Update(learningRate);
        return norm.item<double>();
    }

    /// <summary>As <see cref="Step"/>, without waiting for the device.</summary>
    /// <param name="learningRate">The step's learning rate.</param>
    /// <returns>Norm of the whole gradient before clipping: a float64 scalar on the parameters' device. The caller disposes it.</returns>
    /// <exception cref="InvalidOperationException">The model has guides, and the call is not within
    /// <see cref="StepScope.Update{T}"/>.</exception>
    public Tensor Update(double learningRate)
    {
        using var noGradient = no_grad();
        Parameters.FollowGuides();
        var active = Parameters.Buffers.Where(buffer => buffer.IsActive).ToList();
        foreach (var buffer in active)
        {
            buffer.Updates++;
            buffer.IsCopied = false;
        }

        using var clip = GradientClip.Of(Gradients(active), clipNorm, Parameters.Reduction);
        foreach (var rule in rules)
            rule.Update(learningRate, clip);
        Parameters.Reduction?.ShareValues(active);
        foreach (var buffer in active.Where(buffer => !buffer.IsCopied))
            buffer.Refresh();
        return clip.Norm.alias();
    }

    private List<Tensor> Gradients(IReadOnlyList<FlatBuffer> active)
    {
        var projecting = rules.OfType<IProjectingRule>().ToList();
        return
        [
            .. active.Where(buffer => !projecting.Exists(rule => rule.Has(buffer))).Select(buffer => buffer.OwnGradients),
            .. projecting.SelectMany(rule => rule.Project()),
        ];
    }
}
