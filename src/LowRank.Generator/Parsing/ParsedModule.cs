using LowRank.Generator.Model;

namespace LowRank.Generator.Parsing;

/// <summary>A module's declaration and where it stands.</summary>
internal sealed record ParsedModule(ModuleDeclaration Declaration, SourceMap Sources);
