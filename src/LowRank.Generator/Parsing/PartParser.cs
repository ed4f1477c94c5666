using System.Threading;
using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Parsing;

/// <summary>Reads <c>[Part]</c> on a sublayer of a transformer, and the class that it names.</summary>
internal static class PartParser
{
    public static PartOptions Parse(AttributeReader reader, INamedTypeSymbol owner, CancellationToken cancellation)
    {
        var (layers, hasCount) = (reader.Text("Layers", whenMissing: ".."), reader.IsWritten("Count"));
        if (reader.Class("module") is not { } type)
            return new(null, "", null, "the attribute names no class: write [Part(typeof(…))]", false, layers, hasCount);
        var body = ModuleParser.BodyIn(owner, type, cancellation);
        return new(
            type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            type.Name,
            body,
            ObstacleOf(type, body, owner, cancellation),
            LowRankNames.Is(type, "IRecurrentModule"),
            layers,
            hasCount
        );
    }

    private static string? ObstacleOf(INamedTypeSymbol type, ModuleBody? body, INamedTypeSymbol owner, CancellationToken cancellation) =>
        body is null ? $"'{type.Name}' carries no [Module]; add it"
        : !LowRankNames.Is(type, "ISequenceModule") ? $"'{type.Name}' is no ISequenceModule: let it be one, with Tensor forward(Tensor x)"
        : !ModuleParser.IsBuildable(type, cancellation)
            ? $"'{type.Name}' can't be generated: it has to be a partial class, not abstract, generic or static, without primary constructor and base class"
        : !IsVisible(type, owner) ? $"'{type.Name}' is private"
        : !IsSized(body) ? $"the sizes of '{type.Name}' are refused themselves"
        : null;

    // The generated sublayer has it as a public property's type.
    private static bool IsVisible(INamedTypeSymbol type, INamedTypeSymbol owner)
    {
        for (var outer = type; outer is not null; outer = outer.ContainingType)
        {
            if (outer.DeclaredAccessibility < Accessibility.Internal && !SymbolEqualityComparer.Default.Equals(outer.ContainingType, owner))
                return false;
        }

        return true;
    }

    private static bool IsSized(ModuleBody body) =>
        body.Members.All(member =>
            member.Copies > 0
            && member.Kind switch
            {
                MemberKind.Linear => member is { Inputs: > 0, Outputs: > 0 } && body.LinearOf(member) is { LowRank: null } or { Rank: > 0 },
                MemberKind.Embedding => member is { Inputs: > 0, Outputs: > 0 },
                MemberKind.Normalization => member.Inputs > 0,
                MemberKind.Part => member.Part is not null && IsSized(member.Part),
                _ => false,
            }
        ) && body.Own.Named.All(number => number.Value is null or >= 0);
}
