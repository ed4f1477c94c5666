using System.Globalization;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>
/// Options of latent attention stand beside a KeyValueRank, those that it excludes don't, and rotary positions have something to turn.
/// </summary>
internal sealed class LatentRule : IRule<TransformerDeclaration>
{
    private static readonly string[] OfLatents = ["QueryRank", "RotarySize", "ValueSize", "LatentNorm"];

    public IEnumerable<Finding> Check(TransformerDeclaration declaration) =>
        declaration
            .Sublayers.Where(sublayer => sublayer.Attention is not null)
            .SelectMany(sublayer => sublayer.Attention!.IsLatent ? OfLatent(sublayer, declaration.Transformer) : OfOther(sublayer));

    private static IEnumerable<Finding> OfOther(SublayerDeclaration sublayer) =>
        sublayer
            .Attention!.Written.Where(OfLatents.Contains)
            .Select(argument =>
                IdleOption.Of(At(sublayer, argument), sublayer.Property.Name, "without KeyValueRank the attention has no latent vectors")
            );

    private static IEnumerable<Finding> OfLatent(SublayerDeclaration sublayer, TransformerOptions transformer)
    {
        var attention = sublayer.Attention!;
        if (attention.KeyValueHeads is not null)
            yield return Excluded(
                "KeyValueHeads",
                "every head has keys and values of its own, expanded from the latent vector that all share"
            );
        if (attention.QueryKeyNorm != QueryKeyNorm.None)
            yield return Excluded("QueryKeyNorm", "the latent vectors are normalized instead, by LatentNorm");
        if (attention.ScoreScale is not null)
            yield return Excluded("ScoreScale", "its scores are scaled by 1/√(HeadSize + RotarySize)");
        if (attention.ScoreSoftCap is not null)
            yield return Excluded("ScoreSoftCap", "its scores have no cap");
        var positions = attention.Positions ?? transformer.Positions;
        if (attention.Rotates(transformer))
        {
            if (attention.RotaryFraction is not null)
                yield return Excluded("RotaryFraction", "its RotarySize says how much of a query is rotated");
            if (attention.RotarySize is not { } size)
                yield return Rotary("KeyValueRank", "left out");
            else if (size > 0 && size % 2 != 0)
                yield return Rotary("RotarySize", size) with
                {
                    Suggestion = (size + 1L).ToString(CultureInfo.InvariantCulture),
                };
        }
        else if (attention.RotarySize is not null)
            yield return Excluded("RotarySize", $"positions are Positions.{positions}, which rotate nothing");

        Finding Rotary(string argument, object size) =>
            Finding.Of(ShapeRules.LatentRotarySize, At(sublayer, argument), sublayer.Property.Name, size);

        Finding Excluded(string argument, string reason) =>
            Finding.Of(
                ShapeRules.LatentExcludes,
                At(sublayer, argument),
                sublayer.Property.Name,
                attention.KeyValueRank!,
                argument,
                reason
            ) with
            {
                IsRemovable = true,
            };
    }

    private static Target At(SublayerDeclaration sublayer, string argument) =>
        (sublayer.Target with { Attribute = "Attention" }).At(argument);
}
