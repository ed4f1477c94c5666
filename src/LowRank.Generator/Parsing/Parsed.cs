using LowRank.Generator.Model;

namespace LowRank.Generator.Parsing;

/// <summary>
/// A declaration and where it stands. The two go separate ways: the declaration into the cached pipeline that emits code, both into
/// the one that reports.
/// </summary>
internal sealed record Parsed<TDeclaration>(TDeclaration Declaration, SourceMap Sources)
    where TDeclaration : IDeclaration;
