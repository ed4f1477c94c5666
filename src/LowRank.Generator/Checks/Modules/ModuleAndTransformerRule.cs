using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>A class is a module or a transformer.</summary>
internal sealed class ModuleAndTransformerRule : IRule<ModuleDeclaration>
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration)
    {
        if (declaration.IsTransformer)
            yield return Finding.Of(ModuleRules.ModuleAndTransformer, new Target(Attribute: "Module"), declaration.Type.Name);
    }
}
