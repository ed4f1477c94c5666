using LowRank.Models;
using LowRank.Training.Runs;

namespace LowRank.Training.Loop;

/// <summary>Tells the observer when the last guide is gone.</summary>
/// <param name="observer">Is told.</param>
/// <param name="log">Is read before.</param>
/// <param name="model">The model before its first step.</param>
internal sealed class GuideWatch(ITrainingObserver observer, RunLog log, LanguageModel model)
{
    private long parameters = Parameters(model);

    /// <summary>Looks at the model after a step has begun.</summary>
    /// <returns>Whether any guide is left.</returns>
    public bool Look(LanguageModel now, long step)
    {
        var left = Parameters(now);
        if (parameters > 0 && left == 0)
        {
            log.Read();
            using (log.Clock.Pause())
                observer.GuideReleased(step, parameters);
        }

        parameters = left;
        return left > 0;
    }

    private static long Parameters(LanguageModel model) => model.FactoredLinears.Sum(linear => linear.Guide?.NumberOfElements ?? 0);
}
