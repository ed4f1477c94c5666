using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>Nothing of the user's bears a name that the generated part needs.</summary>
internal sealed class LayerNameRule : IModuleRule
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration)
    {
        var type = declaration.Type;
        if (ModuleNames.ForMember(type.Name) is { } ownNeed)
            yield return Finding.Of(ClassRules.NameCollision, Target.Class, type.Name, type.Name, ownNeed);
        foreach (var member in type.Members)
        {
            if (ModuleNames.ForMember(member) is { } need)
                yield return Finding.Of(ClassRules.NameCollision, new Target(member), member, type.Name, need);
        }

        var names = declaration.Body.Members.Select(member => member.Name).ToList();
        for (var i = 0; i < names.Count; i++)
        {
            if (ModuleNames.ForLayer(names[i], names.Take(i)) is { } need)
                yield return Finding.Of(ClassRules.NameCollision, new Target(names[i]), names[i], type.Name, need);
        }
    }
}
