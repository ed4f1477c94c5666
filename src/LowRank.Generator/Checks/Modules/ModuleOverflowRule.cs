using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>Every sum fits its type.</summary>
internal sealed class ModuleOverflowRule : IRule<ModuleDeclaration>
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration)
    {
        if (
            declaration.Body.Members.Any(member => member.Copies < 1 || member.Inputs < 0 || member.Outputs < 0)
            || !Overflow.Occurs(() => CostedModule.Of(declaration))
        )
            yield break;
        yield return Finding.Of(CostRules.Overflow, Target.Class, declaration.Type.Name, "a sum of parameters or FLOPs", long.MaxValue);
    }
}
