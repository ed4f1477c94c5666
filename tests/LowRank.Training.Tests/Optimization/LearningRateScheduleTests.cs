using LowRank.Training.Optimization;

namespace LowRank.Training.Tests.Optimization;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(9, 1)]
    [InlineData(10, 1)]
    [InlineData(55, 0.55)]
    [InlineData(100, 0.1)]
    public void It_rises_linearly_and_falls_along_a_cosine(long step, double expected) =>
        Assert.Equal(expected, new LearningRateSchedule(1, 100, 0.1, 0.1).At(step), 1e-12);
}
