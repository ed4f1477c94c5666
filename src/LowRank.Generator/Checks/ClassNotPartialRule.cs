using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>The class and every type around it must be partial.</summary>
internal sealed class ClassNotPartialRule : IRule<IDeclaration>
{
    public IEnumerable<Finding> Check(IDeclaration declaration)
    {
        var type = declaration.Type;
        if (!type.IsPartial)
            yield return Finding.Of(ClassRules.ClassNotPartial, Target.Class, type.Name, declaration.Attribute);
        foreach (var containing in type.Containing.Where(containing => !containing.IsPartial))
            yield return Finding.Of(ClassRules.ContainingTypeNotPartial, Target.Class, type.Name, containing.Name);
    }
}
