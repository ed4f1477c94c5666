using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The tables of rotary angles: one for each rotation in the model, shared by all blocks.</summary>
internal static class RotaryTables
{
    /// <summary>The rotations, and the field of each one's table.</summary>
    public static IEnumerable<(RotationModel Rotation, string Field)> Of(TransformerModel model)
    {
        var rotations = model.Rotations.ToList();
        // By their sizes, or by their sublayers where sizes don't tell them apart.
        var areNamedBySize = rotations.Select(rotation => rotation.Size).Distinct().Count() == rotations.Count;
        return rotations.Select(rotation =>
            (
                rotation,
                rotations.Count == 1 ? "rotary"
                : areNamedBySize ? "rotary" + Literals.Of(rotation.Size)
                : Identifiers.RotaryField(model.Sublayers.First(sublayer => rotation.Equals(sublayer.Attention?.Rotation)).Name)
            )
        );
    }

    /// <summary>The field of the table that a sublayer uses, or null.</summary>
    public static string? FieldOf(AttentionModel attention, TransformerModel model) =>
        Of(model).Where(table => table.Rotation.Equals(attention.Rotation)).Select(table => table.Field).FirstOrDefault();
}
