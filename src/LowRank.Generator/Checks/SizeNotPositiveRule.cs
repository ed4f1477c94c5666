using System.Globalization;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>A size that is declared.</summary>
/// <param name="Target">The argument that gives it.</param>
/// <param name="Owner">What has the size.</param>
/// <param name="Value">The size; null where it is left out.</param>
/// <param name="Usual">The one to suggest.</param>
internal sealed record DeclaredSize(Target Target, string Owner, long? Value, long Usual = 1);

/// <summary>Every size is at least 1.</summary>
internal sealed class SizeNotPositiveRule : IRule<DeclaredSize>
{
    public IEnumerable<Finding> Check(DeclaredSize size)
    {
        if (size.Value < 1)
            yield return Finding.Of(ShapeRules.SizeNotPositive, size.Target, size.Target.Argument!, size.Owner, size.Value.Value) with
            {
                Suggestion = size.Usual.ToString(CultureInfo.InvariantCulture),
            };
    }
}
