using LowRank.Layers;
using LowRank.Reparameterization;

namespace LowRank.Models;

/// <summary>The factored layers of one <see cref="LowRankAttribute"/>, whose guides are phased out together.</summary>
/// <param name="PhaseOut">Fraction of the training steps after which the guides are gone.</param>
/// <param name="Guide">How they take part.</param>
/// <param name="Schedule">How their share falls.</param>
/// <param name="Linears">The layers, in the order in which they were declared.</param>
internal sealed record GuideGroup(double PhaseOut, Guide Guide, Schedule Schedule, IReadOnlyList<LowRankLinear> Linears)
{
    /// <summary>Blends the guides in for an optimizer step, or releases them when their time is over.</summary>
    /// <param name="step">Where the run stands.</param>
    /// <param name="firstDraw">Index of the first layer among all that draw; keys the draws of a sampled guide.</param>
    /// <returns>α of the step.</returns>
    public double Prepare(TrainingStep step, int firstDraw)
    {
        var guidedSteps = PhaseOutSchedule.GuidedSteps(step.Total, PhaseOut);
        var alpha =
            Schedule == Schedule.Linear
                ? PhaseOutSchedule.Linear(step.Index, guidedSteps)
                : PhaseOutSchedule.Cosine(step.Index, guidedSteps);
        for (var index = 0; index < Linears.Count; index++)
        {
            if (step.Index >= guidedSteps)
                Linears[index].ReleaseGuide();
            else
                Linears[index].Blend(alpha, Guide != Guide.Sampled || GuideDraw.Uniform(step.Seed, step.Index, firstDraw + index) < alpha);
        }

        return alpha;
    }
}
