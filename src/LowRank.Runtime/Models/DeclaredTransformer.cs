using System.ComponentModel;
using LowRank.Blocks;
using LowRank.Costs;
using LowRank.Decoding;
using LowRank.Kernels;
using LowRank.Layers;
using LowRank.Reparameterization;
using static TorchSharp.torch;

namespace LowRank.Models;

/// <summary>
/// The base class of every class declared with <see cref="TransformerAttribute"/>: embedding, blocks, final norm and head. Generated
/// models write down how they are composed and their forward pass; training's passes and the order of decoding are here.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class DeclaredTransformer : LanguageModel
{
    private readonly List<Sublayer> sublayers = [];
    private readonly List<RotaryEmbedding> tables = [];
    private readonly List<int> shortContexts = [];
    private Embedding embedding = null!;
    private Embedding? positions;
    private IReadOnlyList<TransformerBlock> blocks = [];
    private NormLayer finalNorm = null!;
    private Linear? head;
    private int vocabulary;
    private bool recomputes;
    private LogitForm logitForm = LogitForm.Plain;
    private IReadOnlyList<DeclaredModule> parts = [];

    /// <summary>Keeps what the model was made with.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="accounting">What it costs.</param>
    /// <param name="options">How it is built.</param>
    protected DeclaredTransformer(string name, ModelCost accounting, ModelOptions options)
        : base(name, accounting, options) { }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Sublayer> Sublayers => sublayers;

    /// <inheritdoc/>
    public sealed override int Vocabulary => vocabulary;

    /// <inheritdoc/>
    internal sealed override Tensor HeadWeight => head?.Weight ?? embedding.Weight;

    /// <inheritdoc/>
    internal sealed override LogitForm LogitForm => logitForm;

    /// <inheritdoc/>
    internal sealed override Tensor Record(Tensor tokens, Tape tape)
    {
        using var stream = RecordEmbedding(tokens, tape);
        for (var index = 0; index < blocks.Count; index++)
        {
            // Below the first block that is trained, no pass goes back.
            if (index < FirstTrainableBlock && tape.Documents is null)
                stream.Settle(blocks[index].forward(stream.Value, null));
            else if (index < FirstTrainableBlock)
                Recomputation.Run(blocks[index], stream, tape);
            else if (recomputes)
                Recomputation.Record(blocks[index], stream, tape);
            else
                blocks[index].Record(stream, tape);
        }

        return finalNorm.Record(stream, tape);
    }

    /// <inheritdoc/>
    internal sealed override void Backward(Tensor gradient, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        using var exact = zeros(gradient.shape, Options.DataType, gradient.device);
        using var stream = new StreamGradient(exact, tape);
        stream.AddThrough(finalNorm, gradient, tape);
        tape.BlockDone?.Invoke(Tape.BehindBlocks);
        for (var index = blocks.Count - 1; index >= FirstTrainableBlock; index--)
        {
            if (recomputes)
                Recomputation.Backward(blocks[index], stream, tape);
            else
                blocks[index].Backward(stream, tape);
            tape.BlockDone?.Invoke(index);
        }

        positions?.AddPositionGradients(exact, tape.Documents);
        embedding.Backward(exact, tape);
    }

    /// <inheritdoc/>
    internal sealed override Tensor HiddenPacked(Tensor tokens, PackedDocuments documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        documents.Require(tokens);
        using var noGradient = no_grad();
        using var tape = new Tape(Options) { Documents = documents, IsForwardOnly = true };
        using var stream = RecordEmbedding(tokens, tape);
        foreach (var block in blocks)
            Recomputation.Run(block, stream, tape);
        return finalNorm.Record(stream, tape);
    }

    private ResidualStream RecordEmbedding(Tensor tokens, Tape tape)
    {
        var stream = new ResidualStream(embedding.Record(tokens, tape));
        positions?.AddPositions(stream.Value, tape.Documents);
        return stream;
    }

    /// <inheritdoc/>
    internal sealed override bool PlanDecoding(DecodingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.Embed(embedding, positions);
        foreach (var block in blocks)
            block.PlanDecoding(plan);
        plan.Finish(finalNorm);
        return true;
    }

    // Beyond any draw of the transformer's own layers.
    private const int FirstDrawOfParts = 1 << 24;

    /// <inheritdoc/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected override double PrepareStep(TrainingStep step)
    {
        var (largest, firstDraw) = (base.PrepareStep(step), FirstDrawOfParts);
        foreach (var part in parts)
            largest = Math.Max(largest, part.PrepareGuides(step, ref firstDraw));
        return largest;
    }

    /// <inheritdoc/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected override void ProjectGradients()
    {
        base.ProjectGradients();
        foreach (var part in parts)
            ((ITrainedModule)part).ProjectGradients();
    }

    /// <summary>Registers the layers under their names, in the order of the parameters of every checkpoint.</summary>
    /// <typeparam name="TBlock">The blocks' class.</typeparam>
    /// <param name="embedding">The vectors of the tokens, <c>[vocabulary, width]</c>.</param>
    /// <param name="blocks">The blocks, in the order in which they run.</param>
    /// <param name="finalNorm">The norm behind the last block.</param>
    /// <param name="positions">The vectors of the positions, <c>[context, width]</c>, or null.</param>
    /// <param name="head">The head, <c>[vocabulary, width]</c>; null where it is the embedding.</param>
    /// <param name="recomputes">Whether a block's activations are computed again in the backward pass.</param>
    /// <param name="logitScale">What the logits are multiplied by.</param>
    /// <param name="logitSoftCap">The soft cap of the logits; null for none.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected void ComposeLayers<TBlock>(
        Embedding embedding,
        TorchSharp.Modules.ModuleList<TBlock> blocks,
        NormLayer finalNorm,
        Embedding? positions = null,
        Linear? head = null,
        bool recomputes = false,
        double logitScale = 1,
        double? logitSoftCap = null
    )
        where TBlock : TransformerBlock
    {
        ArgumentNullException.ThrowIfNull(blocks);
        (this.embedding, this.positions, this.finalNorm, this.head, this.recomputes) = (embedding, positions, finalNorm, head, recomputes);
        logitForm = new(logitScale, logitSoftCap);
        this.blocks = [.. blocks];
        parts =
        [
            .. this.blocks.SelectMany(block => block.modules()).OfType<ModuleSublayer>().Select(sublayer => (DeclaredModule)sublayer.Live),
        ];
        vocabulary = checked((int)HeadWeight.shape[0]);
        register_module("embedding", embedding);
        if (positions is not null)
            register_module("positions", positions);
        register_module("blocks", blocks);
        register_module("final_norm", finalNorm);
        if (head is not null)
            register_module("head", head);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<int> ShortContexts => shortContexts;

    /// <summary>
    /// Takes up a table of rotations, which is disposed with the model: it holds no parameters and is registered nowhere.
    /// </summary>
    /// <param name="table">The table.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected RotaryEmbedding AddRotation(RotaryEmbedding table)
    {
        tables.Add(table);
        if (table.ShortContext is { } context)
            shortContexts.Add(context);
        return table;
    }

    /// <summary>Lists a declared sublayer.</summary>
    /// <param name="name">The property's name.</param>
    /// <param name="layers">The layer of each block; null where a block has none.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected Sublayer AddSublayer(string name, IEnumerable<nn.Module?> layers)
    {
        var present = layers.Index().Where(layer => layer.Item is not null).ToList();
        var sublayer = new Sublayer(
            name,
            [.. present.Select(layer => layer.Item!)],
            [.. Accounting.Sublayers.Where(cost => cost.Name == name)],
            [.. present.Select(layer => layer.Index)]
        );
        sublayers.Add(sublayer);
        return sublayer;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var table in tables)
                table.Dispose();
        }

        base.Dispose(disposing);
    }
}
