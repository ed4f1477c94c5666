namespace LowRank.Generator.Model;

/// <summary>A class declared with <c>[Module]</c>, nothing checked. The cached unit of the modules' pipeline.</summary>
/// <param name="Type">The class.</param>
/// <param name="Body">Its layers and parts.</param>
/// <param name="IsTransformer">Whether it carries <c>[Transformer]</c> too.</param>
/// <param name="IsIncomplete">Whether an attribute does not compile; the compiler has said so.</param>
internal sealed record ModuleDeclaration(TypeShape Type, ModuleBody Body, bool IsTransformer, bool IsIncomplete);
