using LowRank.Training.Distributed;

namespace LowRank.Training.Tests.Distributed;

public sealed class MachineCoresTests
{
    [Theory]
    [InlineData("0", 1)]
    [InlineData("0-1\n", 2)]
    [InlineData("0-3,8,10-11", 7)]
    [InlineData("", null)]
    [InlineData("3-1", null)]
    [InlineData("0-1-2", null)]
    [InlineData("a", null)]
    public void Ranges_are_counted(string ranges, int? count) => Assert.Equal(count, MachineCores.Parse(ranges));

    [Fact]
    public void A_process_has_no_more_than_the_machine() => Assert.InRange(MachineCores.Count(), Environment.ProcessorCount, 1 << 16);
}
