using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using LowRank.Blocks;
using LowRank.Costs;
using LowRank.Decoding;
using LowRank.Kernels;
using LowRank.Layers;
using LowRank.Reparameterization;
using static TorchSharp.torch;

namespace LowRank.Models;

/// <summary>
/// A decoder-only language model: int64 token ids <c>[batch, sequence]</c> to logits <c>[batch, sequence, vocabulary]</c>. Declared ones
/// derive from <see cref="DeclaredTransformer"/>.
/// </summary>
// A trimmed program keeps the declared properties, whose attributes say what a model computes.
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.NonPublicProperties)]
public abstract class LanguageModel : Layer, IDecodable, IGuidedModule, ITrainedModule
{
    /// <summary>Keeps what the model was made with.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="accounting">What it costs.</param>
    /// <param name="options">How it is built.</param>
    private protected LanguageModel(string name, ModelCost accounting, ModelOptions options)
        : base(name)
    {
        Native.MklDispatch.Apply();
        Accounting = accounting;
        Options = options;
    }

    /// <summary>What the model costs, as computed by the compiler.</summary>
    public ModelCost Accounting { get; }

    /// <summary>How the model was built.</summary>
    public ModelOptions Options { get; }

    /// <summary>The declared sublayers, in the order in which they run.</summary>
    public abstract IReadOnlyList<Sublayer> Sublayers { get; }

    /// <summary>Number of token ids.</summary>
    public abstract int Vocabulary { get; }

    /// <summary>Longest sequence, in tokens.</summary>
    public int Context => Accounting.Context;

    /// <summary>The weight of the head: <c>[vocabulary, width]</c>; the token embedding itself where they are tied.</summary>
    internal abstract Tensor HeadWeight { get; }

    /// <summary>What becomes of the head's products.</summary>
    internal virtual LogitForm LogitForm => LogitForm.Plain;

    /// <summary>Tokens of the longest texts that turn as short ones do, of every rotary embedding that tells them from long ones.</summary>
    internal virtual IReadOnlyList<int> ShortContexts => [];

    /// <summary>Whether any guide still exists.</summary>
    public bool HasGuide => FactoredLinears.Any(linear => linear.Guide is not null);

    /// <summary>Every factored linear layer of the model.</summary>
    public IEnumerable<LowRankLinear> FactoredLinears => modules().OfType<LowRankLinear>();

    /// <summary>
    /// Forward FLOPs per token that the model costs now, counted from the live tensors' shapes: matrix products, attention scores and
    /// head; a multiply-add as 2, the embedding lookup not counted.
    /// </summary>
    /// <param name="context">Sequence length, in tokens.</param>
    /// <param name="convention">Whether the scores count in full or half.</param>
    public long LiveForwardFlopsPerToken(int context, FlopConvention convention = FlopConvention.Paper)
    {
        var products = Sublayers.SelectMany(sublayer => sublayer.Layers).Sum(ForwardFlopsOf) + 2 * HeadWeight.NumberOfElements;
        return products
            + modules().OfType<CausalAttention>().Sum(attention => attention.ScoreFlopsPerToken(context, convention))
            + OwnFlopsFrom(block: 0);
    }

    /// <summary>
    /// FLOPs per token that training costs now, forward and backward, counted from the live tensors: what is frozen has no gradient of its
    /// weights, and the backward pass ends at <see cref="FirstTrainableBlock"/>. Three forward passes where nothing is frozen.
    /// </summary>
    /// <param name="context">Sequence length, in tokens.</param>
    internal long LiveTrainingFlopsPerToken(int context)
    {
        var head = HeadWeight.NumberOfElements;
        var backward = (HeadWeight.requires_grad ? 4 : 2) * head;
        foreach (var sublayer in Sublayers)
        {
            foreach (var (layer, block) in sublayer.Layers.Zip(sublayer.Blocks).Where(pair => pair.Second >= FirstTrainableBlock))
            {
                backward += BackwardFlopsOf(layer);
                if (layer is CausalAttention attention)
                    backward += 2 * attention.ScoreFlopsPerToken(context);
            }
        }

        return LiveForwardFlopsPerToken(context) + backward + 2 * OwnFlopsFrom(FirstTrainableBlock);
    }

    /// <summary>Forward FLOPs per token that modules are declared to compute beside their linear layers, from a block on.</summary>
    /// <param name="block">The block, counted from 0.</param>
    private protected virtual long OwnFlopsFrom(int block) =>
        Sublayers
            .SelectMany(sublayer => sublayer.Layers.Zip(sublayer.Blocks))
            .Where(pair => pair.Second >= block)
            .Sum(pair => pair.First is ModuleSublayer module ? module.OwnFlopsPerToken : 0);

    /// <summary>The first block that holds anything to be trained, below which no backward pass runs; 0 where nothing is frozen.</summary>
    internal int FirstTrainableBlock { get; private set; }

    /// <summary>Every adapter of the model.</summary>
    public IEnumerable<LoraAdapter> LoraAdapters => modules().OfType<LoraAdapter>();

    /// <summary>
    /// Freezes every parameter but the adapters': no gradient, no optimizer state. The backward pass ends at the first block that has one.
    /// </summary>
    /// <exception cref="InvalidOperationException">The model has no adapter, or a guide, which can't be frozen.</exception>
    public void FreezeAllButAdapters()
    {
        if (HasGuide)
            throw new InvalidOperationException("A guide is a part of training; release it before all but the adapters is frozen.");
        AdapterFreeze.Of(this);
        FirstTrainableBlock = Sublayers
            .SelectMany(sublayer => sublayer.Layers.Zip(sublayer.Blocks))
            .Where(pair => pair.First.modules().OfType<LoraAdapter>().Any())
            .Min(pair => pair.Second);
    }

    /// <summary>FLOPs of the current optimizer step for forming effective weights and projecting their gradients.</summary>
    internal long LiveProjectionFlops() => FactoredLinears.Sum(linear => linear.ProjectionFlops);

    /// <summary>FLOPs of an optimizer step for product decay and rebalancing.</summary>
    /// <param name="step">The step.</param>
    internal long LiveUpkeepFlops(TrainingStep step) => FactoredLinears.Sum(linear => linear.UpkeepFlops(step));

    /// <inheritdoc/>
    public StepScope BeginStep(long step, long steps) => StepScope.Begin(this, step, steps);

    Tensor IDecodable.HeadWeight => HeadWeight;

    LogitForm IDecodable.LogitForm => LogitForm;

    IReadOnlyList<int> IDecodable.ShortContexts => ShortContexts;

    bool IDecodable.PlanDecoding(DecodingPlan plan) => PlanDecoding(plan);

    StepScope? ITrainedModule.CurrentStep { get; set; }

    double ITrainedModule.PrepareStep(TrainingStep step) => PrepareStep(step);

    void ITrainedModule.ProjectGradients() => ProjectGradients();

    void ITrainedModule.CompleteLoads(bool isUpdated)
    {
        using var noGradient = no_grad();
        foreach (var mixture in Mixtures)
        {
            if (isUpdated)
                mixture.CompleteStep();
            else
                mixture.ForgetStep();
        }
    }

    /// <summary>The mixtures of experts, in the order of the blocks.</summary>
    internal IEnumerable<ExpertFeedForward> Mixtures => modules().OfType<ExpertFeedForward>();

    /// <summary>The share of all tokens that pass through a layer: 1, or of an expert's active / count, its share at even loads.</summary>
    /// <param name="linear">A layer of the model.</param>
    internal decimal TokenShareOf(LinearLayer linear) =>
        Mixtures.FirstOrDefault(mixture => mixture.Experts.Any(expert => expert.modules().Contains(linear))) is { } mixture
            ? (decimal)mixture.Router.Routing.Active / mixture.Experts.Count
            : 1;

    /// <summary>What is saved of the model: its parameters, and the biases that training moves beside them.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> SavedTensors =>
        named_parameters().Select(named => (named.name, (Tensor)named.parameter)).Concat(named_modules().SelectMany(BiasesOf));

    private static IEnumerable<(string Name, Tensor Tensor)> BiasesOf((string name, nn.Module module) named) =>
        named.module is Router { BalanceBias: { } bias } ? [($"{named.name}.{Router.BiasName}", bias)] : [];

    /// <summary>Runs the blocks and the final norm.</summary>
    /// <param name="tokens">Int64 ids <c>[batch, sequence]</c>.</param>
    /// <param name="cache">Keys and values of the tokens before, or null.</param>
    /// <returns><c>[batch, sequence, width]</c>.</returns>
    public abstract Tensor Hidden(Tensor tokens, KeyValueCache? cache = null);

    /// <summary>
    /// Runs the blocks and the final norm for training, differentiated by hand: <see cref="Backward"/> adds the gradients where they are
    /// kept. Generated models do so without autograd; others get autograd's own.
    /// </summary>
    /// <param name="tokens">Int64 ids <c>[batch, sequence]</c>.</param>
    /// <param name="tape">Keeps what the backward pass needs.</param>
    /// <returns><c>[batch, sequence, width]</c>.</returns>
    internal virtual Tensor Record(Tensor tokens, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(tape);
        using var gradients = enable_grad();
        var hidden = tape.Documents is { } documents ? HiddenPacked(tokens, documents) : Hidden(tokens);
        tape.Keep(hidden);
        return hidden.detach();
    }

    /// <summary>
    /// <see cref="Hidden"/> of packed rows: that of each document by itself. Generated models run all rows at once and without a graph;
    /// of others nothing is known but what they make of one text, so they are run document by document.
    /// </summary>
    /// <param name="tokens">Int64 ids <c>[batch, sequence]</c>.</param>
    /// <param name="documents">The documents of the rows.</param>
    /// <returns><c>[batch, sequence, width]</c>.</returns>
    internal virtual Tensor HiddenPacked(Tensor tokens, PackedDocuments documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        documents.Require(tokens);
        return documents.OneByOne(tokens, document => Hidden(document));
    }

    /// <summary>The backward pass from the gradient of what <see cref="Record"/> returned.</summary>
    /// <param name="gradient"><c>[batch, sequence, width]</c>.</param>
    /// <param name="tape">What <see cref="Record"/> has left.</param>
    internal virtual void Backward(Tensor gradient, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(tape);
        using var hidden = tape.Take();
        hidden.backward([gradient]);
    }

    /// <summary>
    /// The head: <c>[…, width]</c> to logits <c>[…, vocabulary]</c>, scaled and capped as declared, in the type of the parameters.
    /// </summary>
    /// <param name="hidden">What <see cref="Hidden"/> returned.</param>
    public Tensor Logits(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        using var products = Products(hidden);
        return LogitForm.Apply(products);
    }

    private Tensor Products(Tensor hidden)
    {
        if (hidden.dtype == HeadWeight.dtype)
            return nn.functional.linear(hidden, HeadWeight);
        using var weight = HeadWeight.to(hidden.dtype);
        using var products = nn.functional.linear(hidden, weight);
        return products.to(HeadWeight.dtype);
    }

    /// <summary>Runs the whole model.</summary>
    /// <param name="input">Int64 ids <c>[batch, sequence]</c>.</param>
    /// <returns>Logits <c>[batch, sequence, vocabulary]</c>.</returns>
    /// <exception cref="ArgumentException">The ids have another type or shape, are more than the context holds, or, on the CPU, lie outside
    /// the vocabulary.</exception>
    public override Tensor forward(Tensor input)
    {
        TokenCheck.Shape(this, input, nameof(input));
        using var hidden = Explained(input, cache: null, nameof(input));
        return Logits(hidden);
    }

    // What libtorch says of an id outside the vocabulary names neither.
    private Tensor Explained(Tensor tokens, KeyValueCache? cache, string name)
    {
        try
        {
            return Hidden(tokens, cache);
        }
        catch (ExternalException exception) when (TokenCheck.Outside(this, tokens) is { } outside)
        {
            throw new ArgumentException(outside, name, exception);
        }
    }

    /// <summary>Reads further tokens of sequences that the cache knows the beginning of.</summary>
    /// <param name="tokens">Int64 ids <c>[batch, new]</c>.</param>
    /// <param name="cache">The cache; it is advanced by the new tokens.</param>
    /// <returns>Logits after the last new token, <c>[batch, vocabulary]</c>.</returns>
    /// <exception cref="InvalidOperationException">The model attends in both directions.</exception>
    /// <exception cref="ArgumentException">As for <see cref="forward"/>; the context holds what was read before, too.</exception>
    public Tensor Decode(Tensor tokens, KeyValueCache cache)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(cache);
        if (!Accounting.IsCausal)
        {
            throw new InvalidOperationException(
                $"{Accounting.Model} is declared with Causal = false: its tokens see those after them, so that it can't read a text token by token."
            );
        }

        TokenCheck.Shape(this, tokens, nameof(tokens), cache.Length);
        cache.RequireSameRotation(ShortContexts, tokens.shape[1]);
        using var hidden = Explained(tokens, cache, nameof(tokens));
        cache.Advance(tokens.shape[1]);
        using var last = hidden.select(1, tokens.shape[1] - 1);
        return Logits(last);
    }

    /// <summary>
    /// States how one token is read, for <see cref="Decoder"/>. Generated models do so; others are read through their layers.
    /// </summary>
    /// <param name="plan">Takes the parts up, in the order in which they run; the head not included.</param>
    /// <returns>Whether the plan is whole.</returns>
    internal virtual bool PlanDecoding(DecodingPlan plan) => false;

    /// <summary>
    /// What <see cref="BeginStep"/> does to the guides: sets their share, forms the effective weights, and releases guides whose time is
    /// over. Without a guide it does nothing.
    /// </summary>
    /// <param name="step">Where the run stands.</param>
    /// <returns>The largest α of this step; 0 without a guide.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual double PrepareStep(TrainingStep step) => FactoredLater?.Prepare(step, firstDraw: 0) ?? 0;

    /// <summary>
    /// What a step's update does before the optimizer: turns the gradients of the effective weights into those of guides and factors, once
    /// per step, and adds those of product decay. Without a guide or a decay it does nothing.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual void ProjectGradients()
    {
        foreach (var linear in FactoredLater?.Linears ?? [])
            linear.ProjectGradients();
    }

    /// <summary>Layers that were factored after the model was built, with their guides; null where there are none.</summary>
    internal GuideGroup? FactoredLater { get; set; }

    private long ForwardFlopsOf(nn.Module layer) =>
        layer is ExpertFeedForward mixture ? mixture.ForwardFlopsPerToken : LinearsOf(layer).Sum(linear => linear.ForwardFlopsPerToken);

    private long BackwardFlopsOf(nn.Module layer) =>
        layer is ExpertFeedForward mixture ? mixture.BackwardFlopsPerToken : LinearsOf(layer).Sum(linear => linear.BackwardFlopsPerToken);

    // A concatenation reports the sum of its parts, which are modules of their own; the head is counted by its weight.
    private IEnumerable<LinearLayer> LinearsOf(nn.Module layer) =>
        layer
            .modules()
            .OfType<LinearLayer>()
            .Where(linear =>
                linear is not ConcatenatedLinear && !(linear is Linear { Weight: var weight } && weight.Handle == HeadWeight.Handle)
            );
}
