using LowRank.Generator.Model;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Declarations;

/// <summary>The declaration that says what a model computes, without anything that is said by leaving it out.</summary>
internal static class FactDeclaration
{
    private const Projections QueryKeyValue = Projections.Query | Projections.Key | Projections.Value;

    /// <summary>A class that declares a model.</summary>
    /// <param name="facts">What the model computes.</param>
    /// <param name="name">The class's name.</param>
    public static TransformerDeclaration Of(TransformerFacts facts, string name)
    {
        var rotations = facts.Rotations.OfType<RotationFacts>().ToList();
        var common = rotations.GroupBy(rotation => rotation.Base).OrderByDescending(group => group.Count()).FirstOrDefault()?.First();
        var scaling = rotations.Select(rotation => rotation.Scaling).Distinct().ToList() is [var only] ? only : null;
        var isRooted = Math.Abs(facts.EmbeddingScale - Math.Sqrt(facts.Width)) <= 1e-9 * facts.EmbeddingScale && facts.Width > 1;
        var transformer = new TransformerOptions(
            facts.Vocabulary,
            facts.Context,
            facts.Width,
            facts.Depth,
            facts.LearnedPositions ? Positions.Learned
                : rotations.Count > 0 ? Positions.Rotary
                : Positions.None,
            common?.Base ?? 10_000,
            common?.Fraction ?? 1,
            facts.Norm,
            facts.NormEpsilon,
            BiasOf(facts),
            facts.TiedHead,
            facts.Residual
        )
        {
            NormPlacement = facts.NormPlacement,
            ScaleEmbeddings = isRooted,
            EmbeddingScale = isRooted || facts.EmbeddingScale == 1 ? null : facts.EmbeddingScale,
            LogitScale = facts.LogitScale == 1 ? null : facts.LogitScale,
            LogitSoftCap = facts.LogitSoftCap,
        };
        return new TransformerDeclaration(
            new(
                "",
                EquatableArray<ContainingType>.Empty,
                "class",
                name,
                "",
                IsPartial: true,
                HiddenBy: null,
                Obstacle: null,
                BaseClass: null,
                EquatableArray<string>.Empty,
                EquatableArray<string>.Empty
            ),
            transformer,
            new([.. Attentions(facts, transformer, scaling), .. FeedForwards(facts, transformer)]),
            EquatableArray<LowRankOptions>.Empty,
            Run: null,
            HasDenseBaseline: false,
            IsIncomplete: false
        )
        {
            AssemblyLowRanks = EquatableArray<LowRankOptions>.Empty,
            RotaryScaling = scaling,
        };
    }

    // LayerNorms have a bias where the class has Bias.All, whatever its sublayers say.
    private static Bias BiasOf(TransformerFacts facts)
    {
        var feedForward = facts.FeedForwardBias ? Bias.All : Bias.None;
        return facts.NormBias ? Bias.All
            : facts is { QueryKeyValueBias: true, OutputBias: true } && feedForward == Bias.All ? Bias.All
            : facts is { QueryKeyValueBias: true, OutputBias: false } && facts.Biases == QueryKeyValue ? Bias.QueryKeyValue
            : Bias.None;
    }

    private static IEnumerable<SublayerDeclaration> Attentions(
        TransformerFacts facts,
        TransformerOptions transformer,
        RotaryScalingOptions? scaling
    )
    {
        var windows = facts.WindowsWithin(facts.Context);
        var usual = 1 / Math.Sqrt(facts.HeadSize);
        var groups = Enumerable
            .Range(0, facts.Depth)
            .GroupBy(block =>
                (
                    Window: windows[block],
                    Rotation: facts.Rotations[block],
                    Scale: facts.ScoreScales[block] is { } scale && Math.Abs(scale - usual) > 1e-6 * usual ? scale : (double?)null,
                    Cap: facts.ScoreSoftCaps[block]
                )
            )
            .ToList();
        var isLocalAndGlobal = groups.Count == 2 && groups.Count(group => group.Key.Window is null) == 1;
        var isRotatedAndNot = groups.Count == 2 && groups.Count(group => group.Key.Rotation is null) == 1;
        var all = QueryKeyValue | Projections.Output;
        var implied = transformer.Bias switch
        {
            Bias.All => all,
            Bias.QueryKeyValue => QueryKeyValue,
            _ => Projections.None,
        };
        var biases = facts.Biases & all;
        for (var index = 0; index < groups.Count; index++)
        {
            var (window, rotation, scale, cap) = groups[index].Key;
            var name =
                groups.Count == 1 ? "Attention"
                : isLocalAndGlobal
                    ? window is null ? "Global"
                        : "Local"
                : isRotatedAndNot
                    ? rotation is null ? "Unplaced"
                        : "Rotated"
                : $"Attention{index + 1}";
            var latent = facts.Latent;
            var options = new AttentionOptions(
                facts.Heads,
                facts.KeyValueHeads == facts.Heads ? null : facts.KeyValueHeads,
                facts.Width == (long)facts.Heads * facts.HeadSize ? null : facts.HeadSize,
                facts.QueryKeyNorm,
                window,
                LayersText.Of([.. groups[index]], facts.Depth)
            )
            {
                Positions = rotation is null && transformer.Positions == Positions.Rotary ? Positions.None : null,
                RotaryBase = rotation is not null && rotation.Base != transformer.RotaryBase ? rotation.Base : null,
                RotaryFraction = rotation is not null && rotation.Fraction != transformer.RotaryFraction ? rotation.Fraction : null,
                Bias = biases == implied ? null : biases,
                ScoreScale = scale,
                ScoreSoftCap = cap,
                KeyValueRank = latent?.KeyValueRank,
                QueryRank = latent?.QueryRank,
                RotarySize = latent?.RotarySize,
                ValueSize = latent is null || latent.ValueSize == facts.HeadSize ? null : latent.ValueSize,
                LatentNorm = latent?.HasNorm ?? true,
            };
            yield return Sublayer(name, options, feedForward: null) with
            {
                RotaryScaling = scaling is null ? rotation?.Scaling : null,
            };
        }
    }

    private static IEnumerable<SublayerDeclaration> FeedForwards(TransformerFacts facts, TransformerOptions transformer)
    {
        var groups = Enumerable.Range(0, facts.Depth).GroupBy(block => facts.Mixtures.Count > 0 ? facts.Mixtures[block] : null).ToList();
        var all = Projections.Up | Projections.Down | (facts.Gated ? Projections.Gate : Projections.None);
        var biases = facts.Biases & all;
        var implied = transformer.Bias == Bias.All ? all : Projections.None;
        foreach (var group in groups)
        {
            var mixture = group.Key;
            var options = new FeedForwardOptions(
                mixture?.Hidden ?? facts.Hidden,
                facts.Activation,
                facts.Gated,
                LayersText.Of([.. group], facts.Depth)
            )
            {
                Bias = biases == implied ? null : biases,
            };
            yield return Sublayer(groups.Count > 1 && mixture is not null ? "Mixture" : "FeedForward", attention: null, options) with
            {
                Experts = mixture is null ? null : Experts(mixture),
            };
        }
    }

    private static ExpertOptions Experts(MixtureFacts mixture) =>
        new(
            mixture.Experts,
            mixture.Active,
            mixture.SharedHidden > 0 ? mixture.SharedHidden / mixture.Hidden : null,
            mixture.Router,
            mixture.Normalizes == mixture.Active > 1 ? null : mixture.Normalizes,
            mixture.WeightScale
        );

    private static SublayerDeclaration Sublayer(string name, AttentionOptions? attention, FeedForwardOptions? feedForward) =>
        new(
            new(
                name,
                "public partial",
                "global::LowRank.Sublayer",
                new(["get"]),
                IsPartial: true,
                IsStatic: false,
                IsSublayer: true,
                IsInherited: false,
                EquatableArray<string>.Empty
            ),
            attention,
            feedForward,
            EquatableArray<LowRankOptions>.Empty,
            IsDense: false
        );
}
