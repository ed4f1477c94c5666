using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>Nothing of the user's bears a name that the generated part needs.</summary>
internal sealed class NameCollisionRule : IRule<IDeclaration>
{
    public IEnumerable<Finding> Check(IDeclaration declaration)
    {
        var type = declaration.Type;
        var hidden = type.HiddenNamespace;
        return Collision(Target.Class, hidden ?? "", Need(type))
            .Concat(Collision(Target.Class, type.Name, declaration.NeedForMember(type.Name)))
            .Concat(type.Members.SelectMany(member => Collision(new(member), member, declaration.NeedForMember(member))))
            .Concat(
                declaration.Properties.SelectMany(
                    (property, index) => Collision(new(property.Name), property.Name, declaration.NeedForProperty(index))
                )
            );

        static string? Need(TypeShape type) =>
            type.HiddenNamespace is null ? null
            : type.NamesNamespace ? "the namespace of that name"
            : "the namespace of that name, which your type of that name in no namespace hides";

        IEnumerable<Finding> Collision(Target target, string name, string? need) =>
            need is null ? [] : [Finding.Of(ClassRules.NameCollision, target, name, type.Name, need)];
    }
}
