using LowRank.Training.Runs;
using LowRank.Training.Tests.Loop;

namespace LowRank.Training.Tests.Runs;

/// <summary>A decay that alone turns weights over is refused with both of its causes.</summary>
public sealed class WeightDecayTests
{
    [Theory]
    [InlineData(0.001, 1e10)]
    [InlineData(11, 0.1)]
    public void Rate_times_decay_above_1_is_refused(double rate, double decay)
    {
        var options = TrainingText.Options() with { LearningRate = rate, WeightDecay = decay };
        var refused = Assert.Throws<InputException>(() => TrainingOptionsCheck.Validate(options, TrainingText.Small.Cost));
        Assert.Contains("WeightDecay ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(" times LearningRate ", refused.Message, StringComparison.Ordinal);
        TrainingOptionsCheck.Validate(options with { WeightDecay = 1 / rate }, TrainingText.Small.Cost);
    }
}
