using System.ComponentModel;
using LowRank.Costs;
using LowRank.Layers;
using LowRank.Reparameterization;
using static TorchSharp.torch;

namespace LowRank.Models;

/// <summary>
/// A declared module as a language model, for the catalog and the command line. Its parameters keep the names they have there.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ModuleLanguageModel : LanguageModel
{
    private const string Tokens = "tokens";
    private readonly DeclaredModule module;
    private readonly ILanguageModule model;
    private readonly Sublayer[] sublayers;
    private readonly long ownFlopsPerToken;

    /// <summary>Takes a module up.</summary>
    /// <param name="module">The module, an <see cref="ILanguageModule"/>; it belongs to the model from now on.</param>
    /// <param name="accounting">What it costs.</param>
    /// <param name="vocabulary">Number of token ids.</param>
    /// <param name="ownParameters">Number of parameters that it is declared to register itself, its parts included.</param>
    /// <param name="ownFlopsPerToken">Forward FLOPs per token that it is declared to compute beside its linear layers and its head.</param>
    /// <exception cref="InvalidOperationException">
    /// It has registered another number of parameters, or its head is not as declared.
    /// </exception>
    public ModuleLanguageModel(DeclaredModule module, ModelCost accounting, int vocabulary, long ownParameters, long ownFlopsPerToken)
        : base(
            (accounting ?? throw new ArgumentNullException(nameof(accounting))).Model,
            accounting,
            (module ?? throw new ArgumentNullException(nameof(module))).Options
        )
    {
        (this.module, model, this.ownFlopsPerToken) = (module, (ILanguageModule)module, ownFlopsPerToken);
        Vocabulary = vocabulary;
        Blocks.OwnedParameters.Require(module, ownParameters);
        foreach (var (name, child) in module.named_children())
            register_module(name, child);
        foreach (var (name, parameter) in module.named_parameters(recurse: false))
            register_parameter(name, parameter);
        foreach (var (name, buffer) in module.named_buffers(recurse: false))
            register_buffer(name, buffer);
        if (HeadWeight.shape[0] != vocabulary)
        {
            throw new InvalidOperationException(
                $"{accounting.Model} declares a vocabulary of {vocabulary}, and its HeadWeight is [{string.Join(", ", HeadWeight.shape)}]."
            );
        }

        sublayers = [new Sublayer(accounting.Model, [module], accounting.Sublayers, [0])];
    }

    /// <summary>The module.</summary>
    public DeclaredModule Module => module;

    /// <inheritdoc/>
    public override IReadOnlyList<Sublayer> Sublayers => sublayers;

    /// <inheritdoc/>
    public override int Vocabulary { get; }

    /// <inheritdoc/>
    internal override Tensor HeadWeight => model.HeadWeight;

    /// <inheritdoc/>
    private protected override long OwnFlopsFrom(int block) => ownFlopsPerToken;

    /// <inheritdoc/>
    public override Tensor Hidden(Tensor tokens, KeyValueCache? cache = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (cache is null)
            return model.Hidden(tokens);
        var added = tokens.shape[1];
        cache.RequireRoom(added);
        var state = cache.StateOf(this);
        state.IsByToken = true;
        state[Tokens] ??= empty([state.Batch, state.Capacity], ScalarType.Int64, tokens.device);
        using (var place = state[Tokens]!.narrow(1, state.Length, added))
            place.copy_(tokens);
        using var all = state[Tokens]!.narrow(1, 0, state.Length + added);
        using var hidden = model.Hidden(all);
        using var last = hidden.narrow(1, state.Length, added);
        return last.contiguous();
    }

    /// <inheritdoc/>
    protected override double PrepareStep(TrainingStep step)
    {
        var firstDraw = 0;
        return Math.Max(base.PrepareStep(step), module.PrepareGuides(step, ref firstDraw));
    }

    /// <inheritdoc/>
    protected override void ProjectGradients()
    {
        base.ProjectGradients();
        ((ITrainedModule)module).ProjectGradients();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            module.Dispose();
        base.Dispose(disposing);
    }
}
