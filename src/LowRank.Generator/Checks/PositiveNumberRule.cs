using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>A number that is declared, and no size.</summary>
/// <param name="Target">The argument that gives it.</param>
/// <param name="Value">The number.</param>
/// <param name="Usual">The one to suggest, as C# writes it.</param>
internal sealed record DeclaredNumber(Target Target, double Value, string Usual);

/// <summary>Every number is positive and finite.</summary>
internal sealed class PositiveNumberRule : IRule<DeclaredNumber>
{
    public IEnumerable<Finding> Check(DeclaredNumber number)
    {
        if (!(number.Value > 0) || double.IsInfinity(number.Value))
            yield return Finding.Of(ShapeRules.PositiveNumber, number.Target, number.Target.Argument!, number.Value) with
            {
                Suggestion = number.Usual,
            };
    }
}
