using LowRank.Generator.Model.Modules;

namespace LowRank.Generator.Parsing.Modules;

/// <summary>A module's declaration and where it stands.</summary>
internal sealed record ParsedModule(ModuleDeclaration Declaration, SourceMap Sources);
