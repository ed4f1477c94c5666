namespace LowRank.Generator.Model;

/// <summary>What a property of a module declares. The names are those of the attributes.</summary>
internal enum MemberKind
{
    Linear,
    Embedding,
    Normalization,
    Part,
}
