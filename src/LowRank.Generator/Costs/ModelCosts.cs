using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>
/// The accounting of a model: the one place from which constants, hover texts and diagnostics take their numbers. An overflow is an
/// exception here and a diagnostic outside, never a wrong number.
/// </summary>
/// <param name="Parts">The parts in the order in which they run.</param>
/// <param name="Guides">The guides, by declaration.</param>
/// <param name="Total">Sums over the model.</param>
/// <param name="Training">The declared run, if any.</param>
internal sealed record ModelCosts(
    EquatableArray<PartCost> Parts,
    EquatableArray<GuideTotals> Guides,
    CostTotals Total,
    TrainingTotals? Training
)
{
    /// <summary>The declared run with the guides as branches of their own; null without a run or a guide.</summary>
    public TwoBranchTotals? TwoBranches { get; } = Training is null || Guides.Count == 0 ? null : TwoBranchTotals.Of(Training, [.. Guides]);

    /// <summary>The options of factors, by declaration.</summary>
    public EquatableArray<FactorTotals> Factors { get; private init; }

    /// <summary>What training by its adapters costs; null where it has none.</summary>
    public AdapterTotals? Adapters { get; init; }

    /// <summary>What it needs in memory.</summary>
    public required MemoryTotals Memory { get; init; }

    /// <summary>The parts of one sublayer, one per run of equal blocks.</summary>
    public IEnumerable<PartCost> PartsOf(string sublayer) => Parts.Where(part => part.Name == sublayer);

    /// <summary>A sublayer's sums over all blocks.</summary>
    public CostTotals TotalOf(string sublayer) => CostTotals.Of(PartsOf(sublayer));

    /// <summary>The attention with a sliding window, of which the scores at other contexts follow.</summary>
    public EquatableArray<WindowTotals> Windows { get; private init; }

    /// <exception cref="OverflowException">A sum does not fit its type.</exception>
    public static ModelCosts Of(TransformerModel model)
    {
        var parts = PartsOf(model).ToList();
        var guides = GuideTotals.Of(model).ToList();
        var factors = FactorTotals.Of(model).ToList();
        var total = CostTotals.Of(parts);
        _ = total.ParametersAtStart;
        return new(
            new(parts),
            new(guides),
            total,
            model.Run is { } run ? TrainingTotals.Of(run, model.Options.Context, total, guides, factors) : null
        )
        {
            Factors = new(factors),
            Windows = new(WindowTotals.Of(model)),
            Memory = MemoryTotals.Of(model, total),
            Adapters = AdapterTotals.Of(model, parts, total),
        };
    }

    private static IEnumerable<PartCost> PartsOf(TransformerModel model)
    {
        var options = model.Options;
        var embedding = checked((long)options.Vocabulary * options.Width);
        var positions = options.Positions == Positions.Learned ? (long)options.Context * options.Width : 0;
        yield return Outside(
            "Embedding",
            "embedding",
            checked(embedding + positions),
            0,
            _ => KeptActivations.Ids,
            [
                new("Tokens", options.Vocabulary, options.Width, 0),
                .. options.Positions == Positions.Learned
                    ? [new WeightShape("Positions", options.Context, options.Width, 0)]
                    : Array.Empty<WeightShape>(),
            ]
        );
        foreach (var part in model.Sublayers.SelectMany(sublayer => SublayerCosts.Of(sublayer, model)))
            yield return part;
        yield return Outside(
            "FinalNorm",
            "norm",
            SublayerCosts.NormParameters(model),
            0,
            precision => KeptActivations.Outside(model, precision) - KeptActivations.Ids,
            []
        );
        // A tied head owns no parameters, but it multiplies all the same.
        yield return Outside(
            "Head",
            "head",
            options.TieEmbeddings ? 0 : embedding,
            checked(2 * embedding),
            _ => 0,
            [new("Logits", options.Width, options.Vocabulary, 0)]
        );
    }

    private static PartCost Outside(
        string name,
        string kind,
        long parameters,
        long forwardFlops,
        Func<Precision, long> kept,
        WeightShape[] weights
    ) =>
        new(name, kind, 0, 1, 0, parameters, 0, forwardFlops, 0, forwardFlops, 0)
        {
            ActiveParameters = parameters,
            Activations = ActivationTotals.Of(kept),
            Weights = new(weights),
        };
}
