using LowRank.Layers;

namespace LowRank.EndToEnd.Tests.Modules;

public sealed class SampledPartsTests
{
    [Fact]
    public void Equal_parts_draw_for_themselves()
    {
        using var stack = new SampledParts();
        using var step = stack.BeginStep(4, 8);
        Assert.InRange(stack.FactoredLinears.Count(linear => linear.UsesEffectiveWeight), 6, 26);
    }

    [Fact]
    public void Without_guides_there_is_nothing_to_phase_out()
    {
        using var stack = new SampledParts(new ModelOptions { Guided = false });
        Assert.False(stack.HasGuide);
        using var step = stack.BeginStep(0, 8);
        Assert.Equal(0, step.Alpha);
        Assert.Equal(SampledParts.Cost.Parameters, stack.parameters().Sum(parameter => parameter.NumberOfElements));
    }
}
