namespace LowRank.Generator.Model;

/// <summary>A type that a declared class is nested in.</summary>
internal sealed record ContainingType(string Keyword, string Name, string TypeParameters, bool IsPartial);
