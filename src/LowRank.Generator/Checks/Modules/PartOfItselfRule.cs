using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>No module is, directly or through its parts, a part of itself.</summary>
internal sealed class PartOfItselfRule : IRule<ModuleDeclaration>
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration) =>
        declaration
            .Body.Members.Where(member => member.Cycle is not null)
            .Select(member => Finding.Of(ModuleRules.Recursive, member.Target, member.Name, member.Cycle!));
}
