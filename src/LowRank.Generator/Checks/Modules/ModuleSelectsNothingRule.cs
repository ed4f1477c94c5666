using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>A <c>[LowRank]</c> factors something, and not what <c>[Dense]</c> exempts.</summary>
internal sealed class ModuleSelectsNothingRule : IRule<ModuleDeclaration>
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration)
    {
        foreach (var member in declaration.Body.Members)
        {
            // What is of no kind is another rule's.
            if (member.LowRank is not { } lowRank || member.Kinds.Count == 0)
                continue;
            if (!member.Kinds.Contains("Linear"))
                yield return Finding.Of(LowRankRules.SelectsNothing, lowRank.Origin, member.Name, "the property does not carry [Linear]");
            else if (member.IsDense)
                yield return Finding.Of(LowRankRules.DenseAndLowRank, new Target(member.Name, "Dense"), member.Name);
        }

        var linears = declaration.Body.Members.Where(member => member.Kind == MemberKind.Linear).ToList();
        if (declaration.Body.LowRank is { } onClass && linears.All(member => member.IsDense || member.LowRank is not null))
        {
            yield return Finding.Of(
                LowRankRules.SelectsNothing,
                onClass.Origin,
                declaration.Type.Name,
                linears.Count == 0 ? "the class has no [Linear]" : "every linear layer carries [Dense] or a [LowRank] of its own"
            );
        }
    }
}
