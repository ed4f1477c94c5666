namespace LowRank.Training.Deduplication;

/// <summary>A document of a unit as one number, by which documents are ordered: unit by unit, and by place in it.</summary>
internal static class DocumentNode
{
    /// <summary>The number.</summary>
    public static ulong Of(int unit, int document) => ((ulong)unit << 32) | (uint)document;

    /// <summary>The unit in it.</summary>
    public static int Unit(ulong node) => (int)(node >> 32);

    /// <summary>The place within the unit.</summary>
    public static int Document(ulong node) => (int)(uint)node;
}
