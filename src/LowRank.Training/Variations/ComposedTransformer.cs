using LowRank.Costs;
using LowRank.Generator.Costs;
using LowRank.Generator.Model;
using LowRank.Layers;
using LowRank.Models;
using LowRank.Reparameterization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Training.Variations;

/// <summary>
/// A model composed from a declaration that is data: layer for layer, name for name and draw for draw what the compiler would write for it.
/// Generated code is written to be read; this is its counterpart for sizes that nobody has written.
/// </summary>
internal sealed class ComposedTransformer : DeclaredTransformer
{
    private readonly LowRank.Layers.Embedding embedding;
    private readonly LowRank.Layers.Embedding? positions;
    private readonly ModuleList<ComposedBlock> blocks = new();
    private readonly NormLayer finalNorm;
    private readonly List<GuideGroup> guides = [];
    private readonly List<List<LowRankLinear>> factored;

    /// <summary>Builds the model and draws its weights.</summary>
    /// <param name="costed">The model with its costs.</param>
    /// <param name="accounting">The same costs as tools read them.</param>
    /// <param name="origin">The varied model that it is.</param>
    /// <param name="options">Device, types, seed, and whether the guides exist.</param>
    public ComposedTransformer(CostedTransformer costed, ModelCost accounting, ModelOptions options, ComposedOrigin origin)
        : base(costed.Model.Type.Name, accounting, options)
    {
        Origin = origin;
        var model = costed.Model;
        var linears = new ComposedLinears(options);
        embedding = new(model.Options.Vocabulary, model.Options.Width, options, model.Options.EmbeddingFactor);
        positions = model.Options.Positions == Positions.Learned ? new(model.Options.Context, model.Options.Width, options) : null;
        var rotations = model.Rotations.ToDictionary(
            rotation => rotation,
            rotation => AddRotation(ComposedRotation.Of(rotation, model.Options.Context, options))
        );
        for (var index = 0; index < model.Options.Depth; index++)
        {
            var parts = model.Sublayers.Select(sublayer => (Identifiers.Snake(sublayer.Name), Part(sublayer, index))).ToArray();
            blocks.Add(new ComposedBlock(model.Options.Residual == Residual.Parallel, parts));
        }

        finalNorm = ComposedNorm.Of(model, options);
        var head = model.Options.TieEmbeddings
            ? null
            : new LowRank.Layers.Linear(model.Options.Width, model.Options.Vocabulary, bias: false, options);
        ComposeLayers(
            embedding,
            blocks,
            finalNorm,
            positions,
            head,
            model.Options.ActivationCheckpointing,
            model.Options.LogitFactor,
            model.Options.LogitSoftCap
        );
        for (var index = 0; index < model.Sublayers.Count; index++)
        {
            var place = index;
            AddSublayer(model.Sublayers[place].Name, blocks.Select(block => block.Parts[place]));
        }

        factored = [.. model.OwnLowRanksInForce.Where(lowRank => lowRank.ChangesGradients).Select(linears.Of)];
        foreach (var guide in costed.Costs.Guides.Where(guide => model.OwnLowRanksInForce.Contains(guide.Options)))
            guides.Add(new(guide.Options.PhaseOut, guide.Options.Guide, guide.Options.Schedule, linears.Of(guide.Options)));
        if (options.Initialize)
            InitialWeights.Draw(this, options.Seed);
        if (options.Adapters && costed.Costs.Adapters is not null)
            FreezeAllButAdapters();

        nn.Module? Part(SublayerModel sublayer, int block) =>
            sublayer.Spans.FirstOrDefault(span => span.Contains(block)) is not { } span ? null
            : sublayer.Attention is { } attention
                ? ComposedAttention.Of(
                    attention,
                    span,
                    model,
                    linears,
                    attention.Rotation is { } rotation ? rotations[rotation] : null,
                    options
                )
            : sublayer.Part is { } part ? ComposedPart.Of(part, model, options)
            : sublayer.Experts is { } experts ? ComposedExperts.Of(sublayer.FeedForward!, experts, span, model, linears, options)
            : ComposedFeedForward.Of(sublayer.FeedForward!, span, model, linears, options);
    }

    /// <summary>The varied model that it is.</summary>
    public ComposedOrigin Origin { get; }

    /// <inheritdoc/>
    public override Tensor Hidden(Tensor tokens, KeyValueCache? cache = null)
    {
        var x = embedding.forward(tokens);
        if (positions is not null)
        {
            using var tokenVectors = x;
            using var positionVectors = positions.Weight.narrow(0, cache?.Length ?? 0, tokens.shape[1]);
            x = ResidualPath.Sum(tokenVectors, positionVectors);
        }

        foreach (var block in blocks)
        {
            using var input = x;
            x = block.forward(input, cache);
        }

        using (x)
            return finalNorm.forward(x);
    }

    /// <inheritdoc/>
    protected override double PrepareStep(TrainingStep step)
    {
        var largest = base.PrepareStep(step);
        var firstDraw = 0;
        foreach (var group in guides)
        {
            var alpha = group.Prepare(step, firstDraw);
            firstDraw += group.Linears.Count;
            if (Options.Guided)
                largest = Math.Max(largest, alpha);
        }

        return largest;
    }

    /// <inheritdoc/>
    protected override void ProjectGradients()
    {
        base.ProjectGradients();
        foreach (var linear in factored.SelectMany(group => group))
            linear.ProjectGradients();
    }
}

/// <summary>The varied model that a live one was built of.</summary>
/// <param name="FullName">Its full name, with the changes.</param>
/// <param name="Assembly">The assembly of the model that was varied.</param>
/// <param name="Model">The full name of the varied model, of which this may be the dense baseline.</param>
/// <param name="Declaration">What a class with its numbers would declare.</param>
internal sealed record ComposedOrigin(string FullName, string Assembly, string Model, TransformerDeclaration Declaration);
