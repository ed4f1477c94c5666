using LowRank.Generator.Model;

namespace LowRank.Generator.Shapes;

/// <summary>The declarations of adapters that a sublayer is subject to.</summary>
internal static class LoraLevels
{
    /// <summary>Level by level, the nearest first.</summary>
    public static IEnumerable<EquatableArray<LoraOptions>> Of(SublayerDeclaration sublayer, TransformerDeclaration owner) =>
        [sublayer.Loras, owner.ClassLoras, owner.AssemblyLoras];
}
