using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>A value of an enum that is declared.</summary>
/// <param name="Target">The argument that gives it.</param>
/// <param name="Value">The value.</param>
/// <param name="MayBeNone">Whether flags may be none at all.</param>
internal sealed record DeclaredEnum(Target Target, Enum Value, bool MayBeNone = false)
{
    /// <summary>Those of one <c>[LowRank]</c>.</summary>
    public static IEnumerable<DeclaredEnum> Of(LowRankOptions lowRank)
    {
        yield return new(lowRank.Origin.At("Guide"), lowRank.Guide);
        yield return new(lowRank.Origin.At("Schedule"), lowRank.Schedule);
        yield return new(lowRank.Origin.At("Projections"), lowRank.Projections);
        yield return new(lowRank.Origin.At("Initialization"), lowRank.Initialization);
        if (lowRank.Activation is { } activation)
            yield return new(lowRank.Origin.At("Activation"), activation);
    }
}

/// <summary>An enum argument is one of the enum's values, not a number cast to it.</summary>
internal sealed class UndefinedEnumRule : IRule<DeclaredEnum>
{
    public IEnumerable<Finding> Check(DeclaredEnum declared)
    {
        var type = declared.Value.GetType();
        if (!IsDefined(declared))
            yield return Finding.Of(
                ShapeRules.UndefinedEnum,
                declared.Target,
                declared.Target.Argument!,
                declared.Value.ToString("D"),
                type.Name,
                string.Join(", ", Names(declared))
            ) with
            {
                Suggestion = Suggestions.ValuesOf(type, Names(declared)),
            };
    }

    // Values of flags combine, but to something and out of what there is.
    private static bool IsDefined(DeclaredEnum declared) =>
        declared.Value is Projections projections
            ? (projections != 0 || declared.MayBeNone) && (projections & ~Projections.All) == 0
            : Enum.IsDefined(declared.Value.GetType(), declared.Value);

    private static IEnumerable<string> Names(DeclaredEnum declared) =>
        Enum.GetNames(declared.Value.GetType())
            .Where(name => declared.Value is not Projections || declared.MayBeNone || name != nameof(Projections.None));
}
