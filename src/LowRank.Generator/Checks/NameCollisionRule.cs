using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>Nothing of the user's bears a name that the generated part needs.</summary>
internal sealed class NameCollisionRule : IRule
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration, TransformerModel model)
    {
        var type = declaration.Type;
        var sublayers = declaration.Sublayers.Select(sublayer => sublayer.Property.Name).ToList();
        if (ReservedNames.ForMember(type.Name, sublayers, declaration.HasDenseBaseline) is { } ownNeed)
            yield return Finding.Of(ClassRules.NameCollision, Target.Class, type.Name, type.Name, ownNeed);

        foreach (var member in type.Members)
        {
            if (ReservedNames.ForMember(member, sublayers, declaration.HasDenseBaseline) is { } need)
                yield return Finding.Of(ClassRules.NameCollision, new Target(member), member, type.Name, need);
        }

        for (var i = 0; i < sublayers.Count; i++)
        {
            // Only those before it, so that one of a pair is named and not both.
            if (
                ReservedNames.ForSublayer(
                    sublayers[i],
                    sublayers.Take(i).Concat(LayerOwners(sublayers, i)),
                    declaration.HasDenseBaseline
                ) is
                { } need
            )
                yield return Finding.Of(ClassRules.NameCollision, new Target(sublayers[i]), sublayers[i], type.Name, need);
        }
    }

    // A later sublayer's layer class may be named like an earlier property, too.
    private static IEnumerable<string> LayerOwners(List<string> sublayers, int index) =>
        sublayers.Skip(index + 1).Where(other => Identifiers.LayerClass(other) == sublayers[index]);
}
