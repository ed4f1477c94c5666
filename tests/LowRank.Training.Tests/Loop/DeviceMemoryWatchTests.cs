using LowRank.Training.Loop;
using TorchSharp;

namespace LowRank.Training.Tests.Loop;

public sealed class DeviceMemoryWatchTests
{
    [Fact]
    public void The_peak_is_the_largest_growth_that_was_seen()
    {
        long? used = 700;
        var watch = new DeviceMemoryWatch(() => used, now => now, earlierPeak: null);
        Assert.Null(watch.PeakBytes);
        foreach (var (now, peak) in new[] { (900L, 200L), (1_500, 800), (600, 800) })
        {
            used = now;
            watch.Look();
            Assert.Equal(peak, watch.PeakBytes);
        }
    }

    [Fact]
    public void A_resumed_run_keeps_the_peak_of_its_earlier_sittings_and_counts_from_where_the_process_began()
    {
        long? used = 700;
        var watch = new DeviceMemoryWatch(() => used, _ => 500, earlierPeak: 250);
        watch.Look();
        Assert.Equal(250, watch.PeakBytes);
        used = 800;
        watch.Look();
        Assert.Equal(300, watch.PeakBytes);
    }

    [Fact]
    public void There_is_none_where_nobody_knows()
    {
        var watch = new DeviceMemoryWatch(torch.CPU, earlierPeak: null);
        watch.Look();
        Assert.Null(watch.PeakBytes);
    }
}
