using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using LowRank.Models;

namespace LowRank.Training.Weights;

/// <summary>
/// Reads what a model computes from the attributes of its class: an activation or the base of the rotary frequencies leaves no trace in its
/// tensors. Hidden sizes are the live model's: the FLOP-matched dense model has others than are declared.
/// </summary>
internal static class DeclaredFacts
{
    private const DynamicallyAccessedMemberTypes Properties =
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.NonPublicProperties;

    private const BindingFlags AnyProperty = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <exception cref="InputException">The model isn't declared by attributes, or its blocks are not one attention and one feed-forward of
    /// equal sizes.</exception>
    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2072",
        Justification = "The declaring class of a baseline is a LanguageModel, too, and those keep their properties."
    )]
    public static TransformerFacts Read(LanguageModel model)
    {
        var name = model.Accounting.Model;
        var type = model.GetType();
        // Dense models are nested in the class that declares them.
        if (type.GetCustomAttribute<TransformerAttribute>() is null && type.DeclaringType is { } declaring)
            type = declaring;
        var transformer =
            type.GetCustomAttribute<TransformerAttribute>()
            ?? throw new InputException(
                $"{name} is written by hand; only models declared with [Transformer] can be exported and imported."
            );

        var reasons = new List<string>();
        var attentions = new AttentionAttribute?[transformer.Depth];
        var feedForwards = new FeedForwardAttribute?[transformer.Depth];
        var hidden = new int[transformer.Depth];
        foreach (var sublayer in model.Sublayers)
        {
            var property = Property(type, sublayer.Name);
            var (attention, feedForward) = (
                property?.GetCustomAttribute<AttentionAttribute>(),
                property?.GetCustomAttribute<FeedForwardAttribute>()
            );
            foreach (var block in sublayer.Blocks)
            {
                if (attention is not null)
                {
                    Refuse(attentions[block] is not null, "has two attention sublayers", block);
                    Refuse(feedForwards[block] is not null, "has its feed-forward before its attention", block);
                    attentions[block] = attention;
                }
                else if (feedForward is not null)
                {
                    Refuse(feedForwards[block] is not null, "has two feed-forward sublayers", block);
                    feedForwards[block] = feedForward;
                    hidden[block] = Hidden(sublayer);
                }
            }
        }

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
        return Facts(transformer, attentions!, feedForwards[0]!, hidden[0]);

        void Refuse(bool holds, string reason, int block)
        {
            if (holds)
                reasons.Add(string.Create(CultureInfo.InvariantCulture, $"block {block} {reason}"));
        }

        void CompareBlocks()
        {
            var (first, width) = (attentions[0]!, transformer.Width);
            for (var block = 1; block < transformer.Depth; block++)
            {
                var (attention, feedForward) = (attentions[block]!, feedForwards[block]!);
                Refuse(
                    (attention.Heads, KeyValueHeads(attention), HeadSize(attention, width), attention.QueryKeyNorm)
                        != (first.Heads, KeyValueHeads(first), HeadSize(first, width), first.QueryKeyNorm),
                    "has other attention heads than block 0",
                    block
                );
                Refuse(
                    (hidden[block], feedForward.Activation, feedForward.Gated)
                        != (hidden[0], feedForwards[0]!.Activation, feedForwards[0]!.Gated),
                    "has another feed-forward than block 0",
                    block
                );
            }
        }
    }

    private static PropertyInfo? Property([DynamicallyAccessedMembers(Properties)] Type declared, string name) =>
        declared.GetProperty(name, AnyProperty);

    private static TransformerFacts Facts(
        TransformerAttribute transformer,
        AttentionAttribute[] attentions,
        FeedForwardAttribute feedForward,
        int hidden
    ) =>
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
            Windows = [.. attentions.Select(attention => attention.Window > 0 ? attention.Window : (int?)null)],
            Hidden = hidden,
            Activation = feedForward.Activation,
            Gated = feedForward.Gated,
            Norm = transformer.Norm,
            NormEpsilon = transformer.NormEpsilon,
            Positions = transformer.Positions,
            RotaryBase = transformer.RotaryBase,
            RotaryFraction = transformer.RotaryFraction,
            Residual = transformer.Residual,
            QueryKeyValueBias = transformer.Bias != Bias.None,
            OutputBias = transformer.Bias == Bias.All,
            FeedForwardBias = transformer.Bias == Bias.All,
            TiedHead = transformer.TieEmbeddings,
        };

    private static int Hidden(Sublayer feedForward) => (int)feedForward.Costs[0].Weights.Single(weight => weight.Name == "Down").Inputs;

    private static int KeyValueHeads(AttentionAttribute attention) =>
        attention.KeyValueHeads > 0 ? attention.KeyValueHeads : attention.Heads;

    private static int HeadSize(AttentionAttribute attention, int width) =>
        attention.HeadSize > 0 ? attention.HeadSize : width / attention.Heads;
}
