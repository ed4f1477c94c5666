using LowRank.Generator.Model;

namespace LowRank.Generator.Shapes;

/// <summary>The declarations of low rank that a sublayer is subject to.</summary>
internal static class LowRankLevels
{
    /// <summary>Level by level, the nearest first. <c>[Dense]</c> keeps away all but the sublayer's own.</summary>
    public static IEnumerable<EquatableArray<LowRankOptions>> Of(SublayerDeclaration sublayer, TransformerDeclaration owner) =>
        sublayer.IsDense ? [] : [sublayer.LowRanks, owner.ClassLowRanks, owner.AssemblyLowRanks];
}
