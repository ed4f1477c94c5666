using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Distributed;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// All trained parameters of a model in flat buffers: one for each kind of what stays, one for each kind of what is rebalanced at the same
/// steps, whose state starts anew then, and one per guide, freed when its guide is released. Parameters that require no gradient are left
/// where they are.
/// </summary>
public sealed class FlatParameters : IDisposable
{
    private readonly List<(FlatBuffer Buffer, LowRankLinear Linear)> guides = [];
    private readonly List<StackedMatrices> joined;
    private readonly bool hasUpkeep;

    /// <summary>Moves the model's parameters into flat buffers.</summary>
    /// <param name="model">The model, on its final device.</param>
    public FlatParameters(nn.Module model)
        : this(model, null, Sharding.None, static _ => false) { }

    /// <summary>The same in one of several ranks. All get the weights of the first one.</summary>
    /// <param name="model">The model, on its final device.</param>
    /// <param name="ranks">The ranks; null for one process alone.</param>
    /// <param name="sharding">What they divide.</param>
    /// <param name="keepsWhole">Of which kinds the optimizer updates matrices as a whole.</param>
    internal FlatParameters(nn.Module model, ICollectives? ranks, Sharding sharding, Func<ParameterKind, bool> keepsWhole)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        var kinds = new ParameterKinds(model);
        var lasting = new SortedDictionary<(ParameterKind Kind, int RebalanceEvery), List<(string, Parameter)>>();
        var linears = model
            .named_modules()
            .Where(entry => entry.module is LowRankLinear { Guide: not null })
            .ToDictionary(entry => $"{entry.name}.guide", entry => (LowRankLinear)entry.module, StringComparer.Ordinal);
        var rebalanced = model.modules().OfType<LowRankLinear>().Where(linear => linear.Factors.RebalanceEvery > 0).ToList();
        var periods = rebalanced
            .SelectMany(linear => new[] { linear.U, linear.V }.Select(factor => (factor, linear.Factors.RebalanceEvery)))
            .ToDictionary(
                pair => pair.factor,
                pair => pair.RebalanceEvery,
                ReferenceEqualityComparer.Instance as IEqualityComparer<Parameter>
            );
        foreach (var (name, parameter) in model.named_parameters().Where(named => named.parameter.requires_grad))
        {
            // What is frozen has neither gradient nor moments.
            if (!parameter.requires_grad)
                continue;
            if (!linears.TryGetValue(name, out var linear))
            {
                var group = (kinds.Of(parameter), periods.GetValueOrDefault(parameter));
                if (!lasting.TryGetValue(group, out var list))
                    lasting.Add(group, list = []);
                list.Add((name, parameter));
                continue;
            }

            var buffer = new FlatBuffer(ParameterKind.Guide, [(name, parameter)]);
            using (var gradient = FlatBuffer.View(buffer.Gradients, buffer.Slices[0]))
                linear.ShareGuideGradient(gradient);
            linear.GuideReleased += (_, _) => buffer.Dispose();
            guides.Add((buffer, linear));
        }

        hasUpkeep = rebalanced.Count > 0 || model.modules().OfType<LowRankLinear>().Any(linear => linear.Factors.ProductDecay > 0);
        var stacks = model.modules().OfType<IStackedHost>().Select(host => host.Stack).OfType<LinearStack>().Distinct().ToList();
        Lasting = [.. lasting.Select(group => new FlatBuffer(group.Key.Kind, StackedMatrices.Together(group.Value, stacks)))];
        joined = [.. stacks.Select(stack => StackedMatrices.Join(stack, Lasting)).OfType<StackedMatrices>()];
        foreach (var linear in rebalanced)
        {
            var buffer = FactorsOf(linear);
            linear.Rebalanced += (_, _) =>
            {
                if (Reduction is null)
                    buffer.Restart();
                else
                    Reduction.AddRebalanced(linear);
            };
        }

        if (ranks is null)
            return;
        if (sharding == Sharding.Optimizer)
            Share(ranks, keepsWhole);
        Reduction = new GradientReduction(this, ranks, sharding == Sharding.Optimizer);
    }

    /// <summary>The model.</summary>
    public nn.Module Model { get; }

    /// <summary>
    /// The parameters that stay to the end, one buffer for each kind that the model has and for each rhythm of rebalancing.
    /// </summary>
    public IReadOnlyList<FlatBuffer> Lasting { get; }

    /// <summary>The buffers that exist now, the lasting ones first.</summary>
    public IEnumerable<FlatBuffer> Buffers => Lasting.Concat(guides.Select(guide => guide.Buffer).Where(buffer => !buffer.IsReleased));

    /// <summary>How gradients and values go between ranks; null in a process alone.</summary>
    internal GradientReduction? Reduction { get; }

    /// <summary>Marks the guides that take part in the step that the optimizer is about to take.</summary>
    /// <exception cref="InvalidOperationException">
    /// The model is a declared one with guides, rebalancing or product decay, and no step of it has begun its update: the gradients are not
    /// those of its parameters yet.
    /// </exception>
    internal void FollowGuides()
    {
        if (
            Model is ITrainedModule { CurrentStep: not { IsUpdating: true } }
            && (hasUpkeep || guides.Exists(guide => !guide.Buffer.IsReleased))
        )
        {
            throw new InvalidOperationException(
                "The model has guides, or factors that are decayed or rebalanced: its optimizer steps within Update of what its BeginStep returned."
            );
        }

        foreach (var (buffer, linear) in guides)
            buffer.IsActive = linear.UsesEffectiveWeight;
    }

    /// <summary>
    /// Keeps the lasting parameters in the type of the products, too, where that is another one: no step casts them any more. For a loop in
    /// which nothing but its optimizer and rebalancing changes weights.
    /// </summary>
    /// <param name="type">The type of the products.</param>
    internal void KeepCopies(ScalarType type)
    {
        foreach (var buffer in Lasting.Where(buffer => buffer.Values.dtype != type))
            buffer.KeepCopy(type);
        foreach (var stack in joined)
            stack.KeepCopy();
    }

    /// <summary>Where the factors of a layer are.</summary>
    internal FlatBuffer FactorsOf(LowRankLinear linear) =>
        Lasting.First(buffer => buffer.Slices.Any(slice => ReferenceEquals(slice.Parameter, linear.U)));

    private void Share(ICollectives ranks, Func<ParameterKind, bool> keepsWhole)
    {
        var cuts = new ShardCuts(ranks.World, [.. Model.modules().OfType<LowRankLinear>()]);
        foreach (var buffer in Lasting)
        {
            // A guide's gradient gives those of both factors, where it is.
            var isWhole = keepsWhole(buffer.Kind) || (buffer.Kind == ParameterKind.Factor && guides.Count > 0);
            buffer.Share(isWhole ? cuts.BetweenParameters(buffer) : cuts.Even(buffer), ranks.Rank);
        }

        foreach (var (buffer, linear) in guides)
        {
            var factors = FactorsOf(linear);
            var owner = factors.OwnerOf(factors.Slices.First(slice => ReferenceEquals(slice.Parameter, linear.U)).Offset);
            buffer.Share(cuts.Whole(buffer, owner), ranks.Rank);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var stack in joined)
            stack.Dispose();
        foreach (var buffer in Lasting)
            buffer.Dispose();
        foreach (var (buffer, _) in guides)
            buffer.Dispose();
    }
}
