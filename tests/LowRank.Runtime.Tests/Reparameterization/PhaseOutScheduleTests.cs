using LowRank.Reparameterization;

namespace LowRank.Runtime.Tests.Reparameterization;

public sealed class PhaseOutScheduleTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, .999999439431)]
    [InlineData(524, .853818000895)]
    [InlineData(1049, .5)]
    [InlineData(1573, .146711417899)]
    [InlineData(2098, 0)]
    [InlineData(2099, 0)]
    [InlineData(1_000_000, 0)]
    public void The_cosine_has_the_golden_values(long step, double expected) =>
        Assert.Equal(expected, PhaseOutSchedule.Cosine(step, 2098), 1e-9);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, .5)]
    [InlineData(10, 0)]
    [InlineData(11, 0)]
    public void The_linear_schedule_falls_evenly(long step, double expected) =>
        Assert.Equal(expected, PhaseOutSchedule.Linear(step, 10), 1e-12);

    [Fact]
    public void A_run_too_short_for_a_guided_step_has_no_guide()
    {
        Assert.Equal(0, PhaseOutSchedule.GuidedSteps(1, 0.5));
        Assert.Equal(0, PhaseOutSchedule.Cosine(0, 0));
        Assert.Equal(0, PhaseOutSchedule.Linear(0, 0));
    }

    [Fact]
    public void Draws_are_uniform_and_depend_on_all_of_seed_step_and_layer()
    {
        var draws = new HashSet<double>();
        var sum = 0.0;
        for (var seed = 0; seed < 10; seed++)
        {
            for (var step = 0; step < 100; step++)
            {
                for (var layer = 0; layer < 10; layer++)
                {
                    var draw = GuideDraw.Uniform(seed, step, layer);
                    Assert.InRange(draw, 0, 1 - 1e-17);
                    draws.Add(draw);
                    sum += draw;
                }
            }
        }

        Assert.Equal(10_000, draws.Count);
        Assert.InRange(sum / 10_000, 0.49, 0.51);
        Assert.Equal(GuideDraw.Uniform(3, 17, 2), GuideDraw.Uniform(3, 17, 2));
    }
}
