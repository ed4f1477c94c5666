using System.ComponentModel;
using LowRank.Layers;
using LowRank.Reparameterization;
using static TorchSharp.torch;

namespace LowRank.Models;

/// <summary>
/// The base class of every class declared with <see cref="ModuleAttribute"/>. Its <c>forward</c> is the user's own; guides are phased out
/// here, those of nested parts included.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class DeclaredModule : nn.Module, IGuidedModule, ITrainedModule
{
    private readonly List<GuideGroup> guides = [];
    private readonly List<DeclaredModule> parts = [];

    /// <summary>Keeps what the module was made with.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="options">How it is built.</param>
    protected DeclaredModule(string name, ModelOptions options)
        : base(name)
    {
        Native.MklDispatch.Apply();
        Options = options;
    }

    /// <summary>How the module was built.</summary>
    public ModelOptions Options { get; }

    /// <inheritdoc/>
    public bool HasGuide => FactoredLinears.Any(linear => linear.Guide is not null);

    /// <inheritdoc/>
    public IEnumerable<LowRankLinear> FactoredLinears => modules().OfType<LowRankLinear>();

    private IEnumerable<GuideGroup> AllGuides => guides.Concat(parts.SelectMany(part => part.AllGuides));

    /// <summary>Every adapter of the module.</summary>
    public IEnumerable<LoraAdapter> LoraAdapters => modules().OfType<LoraAdapter>();

    /// <summary>Freezes every parameter but the adapters': no gradient, no optimizer state.</summary>
    /// <exception cref="InvalidOperationException">The module has no adapter, or a guide, which can't be frozen.</exception>
    public void FreezeAllButAdapters()
    {
        if (HasGuide)
            throw new InvalidOperationException("A guide is a part of training; release it before all but the adapters is frozen.");
        AdapterFreeze.Of(this);
    }

    StepScope? ITrainedModule.CurrentStep { get; set; }

    /// <inheritdoc/>
    public StepScope BeginStep(long step, long steps) => StepScope.Begin(this, step, steps);

    double ITrainedModule.PrepareStep(TrainingStep step)
    {
        var firstDraw = 0;
        return PrepareGuides(step, ref firstDraw);
    }

    /// <summary>Blends the guides in, those of parts included, or releases those whose time is over.</summary>
    /// <param name="step">Where the run stands.</param>
    /// <param name="firstDraw">Index of the first layer among all that draw; becomes that of the first one behind. Counted over the whole
    /// that is trained, so that equal parts do not draw alike.</param>
    /// <returns>The largest α; 0 without a guide.</returns>
    internal double PrepareGuides(TrainingStep step, ref int firstDraw)
    {
        var largest = 0.0;
        foreach (var group in AllGuides)
        {
            var alpha = group.Prepare(step, firstDraw);
            firstDraw += group.Linears.Count;
            if (Options.Guided)
                largest = Math.Max(largest, alpha);
        }

        return largest;
    }

    void ITrainedModule.ProjectGradients()
    {
        foreach (var linear in FactoredLinears)
            linear.ProjectGradients();
    }

    void ITrainedModule.CompleteLoads(bool isUpdated)
    {
        // A declared module has no mixture of experts.
    }

    /// <summary>FLOPs of the current optimizer step for forming effective weights and projecting their gradients.</summary>
    internal long LiveProjectionFlops() => FactoredLinears.Sum(linear => linear.ProjectionFlops);

    /// <summary>FLOPs of an optimizer step for product decay and rebalancing.</summary>
    /// <param name="step">The step.</param>
    internal long LiveUpkeepFlops(TrainingStep step) => FactoredLinears.Sum(linear => linear.UpkeepFlops(step));

    /// <summary>
    /// FLOPs of one row through every linear layer once, as the layers compute now, counted from the live tensors' shapes.
    /// </summary>
    public long LiveForwardFlopsPerRow() =>
        modules().OfType<LinearLayer>().Where(linear => linear is not ConcatenatedLinear).Sum(linear => linear.ForwardFlopsPerToken);

    /// <summary>Takes up the guides of one <see cref="LowRankAttribute"/>.</summary>
    /// <param name="phaseOut">Fraction of the training steps after which they are gone.</param>
    /// <param name="guide">How they take part.</param>
    /// <param name="schedule">How their share falls.</param>
    /// <param name="linears">The layers it factors.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected void AddGuide(double phaseOut, Guide guide, Schedule schedule, IEnumerable<LinearLayer> linears) =>
        guides.Add(new GuideGroup(phaseOut, guide, schedule, [.. linears.OfType<LowRankLinear>()]));

    /// <summary>Takes up parts whose guides are phased out with the module's own.</summary>
    /// <param name="declared">The parts.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected void AddParts(IEnumerable<DeclaredModule> declared) => parts.AddRange(declared);

    /// <summary>Does nothing: TorchSharp would register every field a second time under the field's own name.</summary>
    protected sealed override void RegisterComponents() { }

    /// <summary>Modules stay as they were built; a conversion to what they are already does nothing.</summary>
    /// <exception cref="NotSupportedException">A parameter would be converted or moved, be it that of a layer of the user's
    /// own.</exception>
    protected override nn.Module _to(Device device, ScalarType dtype, bool non_blocking)
    {
        BuiltPlace.Require(this, dtype, device);
        return this;
    }

    /// <summary>Modules stay as they were built; a move to where they are already does nothing.</summary>
    /// <exception cref="NotSupportedException">A parameter would be moved.</exception>
    protected override nn.Module _to(TorchSharp.DeviceType deviceType, int deviceIndex, bool non_blocking)
    {
        BuiltPlace.Require(this, type: null, new Device(deviceType, deviceIndex));
        return this;
    }

    /// <summary>Modules stay as they were built; a conversion to what they are already does nothing.</summary>
    /// <exception cref="NotSupportedException">A parameter would be converted.</exception>
    protected override nn.Module _to(ScalarType dtype, bool non_blocking)
    {
        BuiltPlace.Require(this, dtype, device: null);
        return this;
    }
}
