using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>The guide is gone after a fraction in (0, 1] of training.</summary>
internal sealed class PhaseOutRule : IRule<LowRankSelection>
{
    public IEnumerable<Finding> Check(LowRankSelection selection)
    {
        var lowRank = selection.LowRank;
        if (lowRank.PhaseOut is not (> 0 and <= 1))
            yield return Finding.Of(LowRankRules.PhaseOut, lowRank.Origin.At("phaseOut"), lowRank.PhaseOut) with
            {
                Suggestion = Suggestions.Fraction(lowRank.PhaseOut, whenTooSmall: 0.5),
            };
    }
}
