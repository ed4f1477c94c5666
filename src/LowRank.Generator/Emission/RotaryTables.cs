using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The tables of rotary angles: one for each rotated size in the model, shared by all blocks.</summary>
internal static class RotaryTables
{
    /// <summary>Rotated size and field of each table.</summary>
    public static IEnumerable<(int Size, string Field)> Of(TransformerModel model)
    {
        var sizes = model.Sublayers.Select(sublayer => sublayer.Attention?.RotarySize ?? 0).Where(size => size > 0).Distinct().ToList();
        return sizes.Select(size => (size, sizes.Count == 1 ? "rotary" : "rotary" + Literals.Of(size)));
    }

    /// <summary>The field of the table that a sublayer uses, or null.</summary>
    public static string? FieldOf(AttentionModel attention, TransformerModel model) =>
        Of(model).Where(table => table.Size == attention.RotarySize).Select(table => table.Field).FirstOrDefault();
}
