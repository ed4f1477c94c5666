using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The accounting of a module as documentation, for the hover.</summary>
internal static class ModuleRemarks
{
    public static void WriteModule(SourceWriter writer, CostedModule costed)
    {
        writer.Write("/// <remarks>");
        writer.Write($"/// <para>In all: {Numbers(costed.Total)}. FLOPs are forward, per row through every linear layer once.</para>");
        writer.Write("/// <list type=\"table\">");
        foreach (var (member, cost) in costed.Declaration.Body.Members.Zip(costed.Members, (member, cost) => (member, cost)))
            writer.Write(
                $"/// <item><term>{member.Name}</term><description>{Shape(member, costed.Declaration.Body)}: {Numbers(cost)}</description></item>"
            );
        writer.Write("/// </list>");
        writer.Write("/// </remarks>");
    }

    /// <summary>The documentation of a layer's property: the user's own text, then what the layer is and costs.</summary>
    public static void WriteMember(SourceWriter writer, ModuleMember member, MemberCost cost, ModuleBody body)
    {
        foreach (var line in member.Property.Documentation)
            writer.Write("/// " + line);
        if (member.Property.Documentation.Count == 0)
            writer.Write($"/// <summary>{Shape(member, body)}.</summary>");
        writer.Write($"/// <remarks>{Shape(member, body)}: {Numbers(cost)}.</remarks>");
    }

    private static string Shape(ModuleMember member, ModuleBody body)
    {
        var shape = member.Kind switch
        {
            MemberKind.Linear => body.LinearOf(member) is { LowRank: not null } factored
                ? $"Linear {Literals.Of(member.Inputs)} → {FactorRemarks.Inner(factored)} → {Literals.Of(member.Outputs)}{FactorRemarks.Options(factored)}"
                : $"Linear {Literals.Of(member.Inputs)} → {Literals.Of(member.Outputs)}",
            MemberKind.Embedding => $"Embedding {Literals.Of(member.Inputs)} × {Literals.Of(member.Outputs)}",
            MemberKind.Normalization => $"{LastPart(member.ElementType)} of {Literals.Of(member.Inputs)}",
            _ => LastPart(member.ElementType),
        };
        return member.IsList ? $"{Literals.Of(member.Copies)} × {shape}" : shape;
    }

    private static string Numbers(MemberCost cost) =>
        cost.GuideParameters == 0
            ? $"{Literals.Readable(cost.Parameters)} parameters; {Literals.Readable(cost.ForwardFlopsPerRow)} FLOPs per row"
            : $"{Literals.Readable(cost.Parameters)} parameters, while guided {Literals.Readable(cost.GuideParameters)} more; "
                + $"{Literals.Readable(cost.ForwardFlopsPerRow)} FLOPs per row, while guided {Literals.Readable(cost.GuidedForwardFlopsPerRow)}";

    private static string LastPart(string type) => type.Substring(type.LastIndexOf('.') + 1).Replace("global::", "");
}
