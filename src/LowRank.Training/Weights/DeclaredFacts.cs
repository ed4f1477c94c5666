using System.Globalization;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;
using LowRank.Models;
using LowRank.Training.Variations;

namespace LowRank.Training.Weights;

/// <summary>
/// Reads what a model computes from its declaration: an activation or the base of the rotary frequencies leaves no trace in its tensors.
/// Hidden sizes are the live model's: the FLOP-matched dense model has others than are declared.
/// </summary>
internal static class DeclaredFacts
{
    /// <exception cref="InputException">The model isn't declared by attributes, or its blocks are not one attention and one feed-forward of
    /// equal sizes.</exception>
    public static TransformerFacts Read(LanguageModel model)
    {
        var name = model.Accounting.Model;
        var declaration = DeclarationReader.Of(model) ?? throw DeclarationReader.Undeclared(model, "models", "exported and imported");
        var transformer = declaration.Transformer;

        var reasons = new List<string>();
        var attentions = new AttentionOptions?[transformer.Depth];
        var rotations = new RotationFacts?[transformer.Depth];
        var feedForwards = new FeedForwardOptions?[transformer.Depth];
        var hidden = new int[transformer.Depth];
        var mixtures = new MixtureFacts?[transformer.Depth];
        foreach (var sublayer in model.Sublayers)
        {
            var declared = declaration.Sublayers.First(other => other.Property.Name == sublayer.Name);
            var (attention, feedForward) = (declared.Attention, declared.FeedForward);
            foreach (var block in sublayer.Blocks)
            {
                if (attention is not null)
                {
                    Refuse(attentions[block] is not null, "has two attention sublayers", block);
                    Refuse(feedForwards[block] is not null, "has its feed-forward before its attention", block);
                    attentions[block] = attention;
                    rotations[block] = Rotation(attention, transformer, declared.RotaryScaling ?? declaration.RotaryScaling);
                }
                else if (feedForward is not null)
                {
                    Refuse(feedForwards[block] is not null, "has two feed-forward sublayers", block);
                    feedForwards[block] = feedForward;
                    hidden[block] = HiddenSize.Of(sublayer.Costs[0]) ?? feedForward.Hidden;
                    mixtures[block] = declared.Experts is { } experts ? Mixture(experts, hidden[block]) : null;
                }
                else
                {
                    Refuse(true, $"has {sublayer.Name}, a module of its own", block);
                }
            }
        }

        if (!transformer.Causal)
            reasons.Add("its attention looks in both directions");
        for (var block = 0; block < transformer.Depth; block++)
        {
            Refuse(attentions[block] is null, "has no attention", block);
            Refuse(feedForwards[block] is null, "has no feed-forward", block);
        }

        if (reasons.Count == 0)
            CompareBlocks();
        if (reasons.Count > 0)
            throw new InputException(
                $"{name} is no stack of equal blocks of attention and feed-forward, as Hugging Face's architectures are: {string.Join("; ", reasons)}."
            );
        return Facts(transformer, attentions!, feedForwards[0]!) with
        {
            Rotations = rotations,
            Hidden = Array.Find(hidden.Zip(mixtures).ToArray(), pair => pair.Second is null).First,
            Mixtures = Array.Exists(mixtures, mixture => mixture is not null) ? mixtures : [],
        };

        void Refuse(bool holds, string reason, int block)
        {
            if (holds)
                reasons.Add(string.Create(CultureInfo.InvariantCulture, $"block {block} {reason}"));
        }

        void CompareBlocks()
        {
            var (first, width) = (attentions[0]!, transformer.Width);
            var (dense, mixed) = (Array.IndexOf(mixtures, null), Array.FindIndex(mixtures, mixture => mixture is not null));
            for (var block = 1; block < transformer.Depth; block++)
            {
                var (attention, feedForward) = (attentions[block]!, feedForwards[block]!);
                Refuse(
                    (
                        attention.Heads,
                        KeyValueHeads(attention),
                        HeadSize(attention, width),
                        attention.QueryKeyNorm,
                        Latent(attention, width)
                    ) != (first.Heads, KeyValueHeads(first), HeadSize(first, width), first.QueryKeyNorm, Latent(first, width)),
                    "has other attention heads than block 0",
                    block
                );
                Refuse(
                    (feedForward.Activation, feedForward.Gated) != (feedForwards[0]!.Activation, feedForwards[0]!.Gated),
                    "has another feed-forward than block 0",
                    block
                );
                // Dense blocks and mixtures have sizes of their own.
                var alike = mixtures[block] is null ? dense : mixed;
                Refuse(
                    hidden[block] != hidden[alike] || mixtures[block] != mixtures[alike],
                    string.Create(CultureInfo.InvariantCulture, $"has another feed-forward than block {alike}"),
                    block
                );
                Refuse(
                    AttentionBiases(attention, transformer) != AttentionBiases(first, transformer)
                        || FeedForwardBiases(feedForward, transformer) != FeedForwardBiases(feedForwards[0]!, transformer),
                    "has other biases than block 0",
                    block
                );
            }
        }
    }

    private static TransformerFacts Facts(TransformerOptions transformer, AttentionOptions[] attentions, FeedForwardOptions feedForward) =>
        new()
        {
            Vocabulary = transformer.Vocabulary,
            Context = transformer.Context,
            Width = transformer.Width,
            Depth = transformer.Depth,
            Heads = attentions[0].Heads,
            KeyValueHeads = KeyValueHeads(attentions[0]),
            HeadSize = HeadSize(attentions[0], transformer.Width),
            QueryKeyNorm = attentions[0].QueryKeyNorm,
            Latent = Latent(attentions[0], transformer.Width),
            Windows = [.. attentions.Select(attention => attention.Window)],
            ScoreScales = [.. attentions.Select(attention => attention.ScoreScale)],
            ScoreSoftCaps = [.. attentions.Select(attention => attention.ScoreSoftCap)],
            EmbeddingScale = transformer.EmbeddingFactor,
            LogitScale = transformer.LogitFactor,
            LogitSoftCap = transformer.LogitSoftCap,
            Hidden = 0,
            Activation = feedForward.Activation,
            Gated = feedForward.Gated,
            Norm = transformer.Norm,
            NormEpsilon = transformer.NormEpsilon,
            NormPlacement = transformer.NormPlacement,
            NormBias = transformer is { Norm: Norm.LayerNorm, Bias: Bias.All },
            LearnedPositions = transformer.Positions == Positions.Learned,
            Rotations = [],
            Residual = transformer.Residual,
            Biases = AttentionBiases(attentions[0], transformer) | FeedForwardBiases(feedForward, transformer),
            TiedHead = transformer.TieEmbeddings,
        };

    private static RotationFacts? Rotation(AttentionOptions attention, TransformerOptions transformer, RotaryScalingOptions? scaling) =>
        attention.Rotates(transformer)
            ? new(attention.RotaryBase ?? transformer.RotaryBase, attention.RotaryFraction ?? transformer.RotaryFraction, scaling)
            : null;

    private static MixtureFacts Mixture(ExpertOptions experts, int hidden) =>
        new(
            experts.Count,
            experts.Active,
            hidden,
            (experts.Shared ?? 0) * hidden,
            experts.Router,
            experts.Normalizes,
            experts.WeightScale,
            experts.Balancing == Balance.Bias
        );

    private static Projections AttentionBiases(AttentionOptions attention, TransformerOptions transformer) =>
        AttentionShape.Biases(attention, transformer)
        & (
            Projections.Query
            | Projections.Key
            | Projections.Value
            | Projections.Output
            | (attention.IsLatent ? Projections.KeyValueDown : Projections.None)
            | (attention is { IsLatent: true, QueryRank: not null } ? Projections.QueryDown : Projections.None)
        );

    private static Projections FeedForwardBiases(FeedForwardOptions feedForward, TransformerOptions transformer) =>
        FeedForwardShape.Biases(feedForward, transformer)
        & (Projections.Up | Projections.Down | (feedForward.Gated ? Projections.Gate : Projections.None));

    private static int KeyValueHeads(AttentionOptions attention) => attention.KeyValueHeads ?? attention.Heads;

    private static LatentFacts? Latent(AttentionOptions attention, int width) =>
        attention.KeyValueRank is { } rank
            ? new(rank, attention.QueryRank, attention.RotarySize, attention.ValueSize ?? HeadSize(attention, width), attention.LatentNorm)
            : null;

    private static int HeadSize(AttentionOptions attention, int width) => attention.HeadSize ?? width / attention.Heads;
}
