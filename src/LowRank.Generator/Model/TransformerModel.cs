namespace LowRank.Generator.Model;

/// <summary>A declared model with every size inferred. Sublayers whose sizes cannot be inferred are missing from it.</summary>
internal sealed record TransformerModel(
    TypeShape Type,
    TransformerOptions Options,
    EquatableArray<SublayerModel> Sublayers,
    TrainingRunOptions? Run,
    bool HasDenseBaseline
)
{
    /// <summary>Whether every linear layer and every LayerNorm has a bias.</summary>
    public bool NormHasBias => Options.Norm == Norm.LayerNorm && Options.Bias == Bias.All;

    /// <summary>The different rotations of its attentions, in the order of their sublayers.</summary>
    public IEnumerable<RotationModel> Rotations =>
        Sublayers.Select(sublayer => sublayer.Attention?.Rotation).OfType<RotationModel>().Distinct();

    /// <summary>The declarations of low rank in force, in the order of the linears that they factor first.</summary>
    public IEnumerable<LowRankOptions> LowRanksInForce => InForce(Sublayers);

    /// <summary>Those that the class itself puts into force: a module's own are the module's business.</summary>
    public IEnumerable<LowRankOptions> OwnLowRanksInForce => InForce(Sublayers.Where(sublayer => sublayer.Part is null));

    private static IEnumerable<LowRankOptions> InForce(IEnumerable<SublayerModel> sublayers) =>
        sublayers
            .SelectMany(sublayer => sublayer.Linears)
            .Select(pair => pair.Linear.LowRank)
            .Where(options => options is not null)
            .Distinct()!;
}
