using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>A module has at least one layer.</summary>
internal sealed class NoLayerRule : IRule<ModuleDeclaration>
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration)
    {
        if (declaration.Body.Members.Count == 0 && !declaration.IsTransformer)
            yield return Finding.Of(ModuleRules.NoLayer, Target.Class, declaration.Type.Name);
    }
}
