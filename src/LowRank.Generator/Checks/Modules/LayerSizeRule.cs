using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>Every size is at least 1, and every ε positive and finite.</summary>
internal sealed class LayerSizeRule : IModuleRule
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration)
    {
        foreach (var member in declaration.Body.Members)
        {
            foreach (var (argument, value) in Sizes(member).Where(size => size.Value < 1))
                yield return Finding.Of(
                    ShapeRules.SizeNotPositive,
                    member.AttributeTarget.At(argument),
                    argument,
                    member.Name,
                    value!.Value
                );
            if (member.Kind == MemberKind.Normalization && (!(member.Epsilon > 0) || double.IsInfinity(member.Epsilon)))
                yield return Finding.Of(ShapeRules.PositiveNumber, member.AttributeTarget.At("Epsilon"), "Epsilon", member.Epsilon);
        }
    }

    private static IEnumerable<(string Argument, int? Value)> Sizes(ModuleMember member)
    {
        if (member.Kind is MemberKind.Linear)
            yield return ("inputs", member.Inputs);
        if (member.Kind is MemberKind.Linear)
            yield return ("outputs", member.Outputs);
        if (member.Kind is MemberKind.Embedding)
            yield return ("rows", member.Inputs);
        if (member.Kind is MemberKind.Embedding)
            yield return ("width", member.Outputs);
        if (member.Kind is MemberKind.Normalization)
            yield return ("width", member.Inputs);
        yield return ("Count", member.Count);
    }
}
