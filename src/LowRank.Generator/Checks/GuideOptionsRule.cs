using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>What is said about a guide is said where there is one. With an activation another rule makes it an error.</summary>
internal sealed class GuideOptionsRule : IRule<LowRankSelection>
{
    public IEnumerable<Finding> Check(LowRankSelection selection)
    {
        var lowRank = selection.LowRank;
        return lowRank is { Guide: Guide.None, Activation: null }
            ? lowRank.Written.Select(argument =>
                IdleOption.Of(lowRank.Origin.At(argument), selection.Owner, "there is no guide that it could be about")
            )
            : [];
    }
}
