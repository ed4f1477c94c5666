using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>The attention layers of one width that see one sliding window.</summary>
/// <param name="Window">Tokens that a token sees, itself included.</param>
/// <param name="Width">Heads × size of a head's keys.</param>
/// <param name="ValueWidth">Heads × size of a head's values.</param>
/// <param name="Blocks">Number of such layers.</param>
internal sealed record WindowTotals(int Window, int Width, int ValueWidth, int Blocks)
{
    public static IEnumerable<WindowTotals> Of(TransformerModel model) =>
        from sublayer in model.Sublayers
        where sublayer.Attention?.Window is not null
        group sublayer.Blocks by (sublayer.Attention!.Window!.Value, sublayer.Attention.Width, sublayer.Attention.ValueWidth) into equal
        select new WindowTotals(equal.Key.Value, equal.Key.Width, equal.Key.ValueWidth, equal.Sum());
}
