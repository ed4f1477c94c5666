using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>The class is a plain partial one whose base class is the generator's to choose.</summary>
internal sealed class ModuleClassRule : IModuleRule
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration)
    {
        var type = declaration.Type;
        if (!type.IsPartial)
            yield return Finding.Of(ClassRules.ClassNotPartial, Target.Class, type.Name, "Module");
        foreach (var containing in type.Containing.Where(containing => !containing.IsPartial))
            yield return Finding.Of(ClassRules.ContainingTypeNotPartial, Target.Class, type.Name, containing.Name);
        if (type.Obstacle is { } obstacle)
            yield return Finding.Of(ClassRules.ClassShape, Target.Class, type.Name, obstacle);
        if (type.BaseClass is { } baseClass)
            yield return Finding.Of(ModuleRules.BaseClass, Target.Class, type.Name, baseClass);
    }
}
