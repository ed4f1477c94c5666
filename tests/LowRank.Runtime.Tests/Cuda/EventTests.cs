using System.Runtime.InteropServices;
using LowRank.Cuda;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>Streams and events are the driver's, and times are added up without waiting.</summary>
public sealed class EventTests
{
    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_stream_waits_for_what_is_in_another_one()
    {
        using var fake = new FakeCuda();
        var device = Device(fake);
        var events = device.Driver.Events;
        using (device.Use())
        {
            var stream = events.CreateStream();
            var happening = events.Create(hasTime: false);
            events.Record(happening, 0x9000);
            events.Wait(stream, happening);
            Assert.Equal([$"record {happening:x} in 9000", $"wait in {stream:x} for {happening:x}"], fake.Traces());
            Assert.Equal(2, fake.Alive);
            events.Destroy(happening);
            events.DestroyStream(stream);
        }

        Assert.Equal(0, fake.Alive);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void What_is_not_ready_is_no_error_and_everything_else_is()
    {
        using var fake = new FakeCuda();
        var device = Device(fake);
        var events = device.Driver.Events;
        using var current = device.Use();
        var happening = events.Create(hasTime: true);
        fake.Set("pending", 2);
        events.Record(happening, 0x9000);
        Assert.False(events.HasHappened(happening));
        Assert.False(events.HasHappened(happening));
        Assert.True(events.HasHappened(happening));
        fake.Fail("cuEventQuery", 700);
        var error = Assert.ThrowsAny<ExternalException>(() => events.HasHappened(happening));
        Assert.Equal("cuEventQuery failed: CUDA_ERROR_ILLEGAL_ADDRESS, an illegal memory access was encountered", error.Message);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Every_function_tells_its_failure()
    {
        using var fake = new FakeCuda();
        var device = Device(fake);
        var events = device.Driver.Events;
        using var current = device.Use();
        Refuses("cuStreamCreate", () => events.CreateStream());
        Refuses("cuStreamDestroy_v2", () => events.DestroyStream(1));
        Refuses("cuStreamWaitEvent", () => events.Wait(1, 1));
        Refuses("cuEventCreate", () => events.Create(hasTime: false));
        Refuses("cuEventDestroy_v2", () => events.Destroy(1));
        Refuses("cuEventRecord", () => events.Record(1, 1));
        Refuses("cuEventElapsedTime", () => events.Between(1, 1));

        void Refuses(string function, Action call)
        {
            fake.Fail(function, 700, times: 1);
            var error = Assert.ThrowsAny<ExternalException>(call);
            Assert.StartsWith(function.Replace("_v2", "", StringComparison.Ordinal) + " failed: ", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Times_are_added_up_as_they_end_and_events_are_used_again()
    {
        using var fake = new FakeCuda();
        var device = Device(fake);
        using var current = device.Use();
        var stopwatch = new CudaStopwatch(device.Driver.Events);
        Assert.Equal(TimeSpan.Zero, stopwatch.Total());
        // The clock ticks a millisecond with each event that is recorded.
        for (var repetition = 0; repetition < 500; repetition++)
        {
            stopwatch.Start(0x9000);
            stopwatch.Stop(0x9000);
        }

        Assert.InRange(fake.Alive, 2, 200);
        Assert.Equal(TimeSpan.FromMilliseconds(500), stopwatch.Total());
        fake.Set("pending", 1);
        stopwatch.Start(0x9000);
        stopwatch.Stop(0x9000);
        Assert.Equal(TimeSpan.FromMilliseconds(500), stopwatch.Total());
        Assert.Equal(TimeSpan.FromMilliseconds(501), stopwatch.Total());
        stopwatch.Start(0x9000);
        stopwatch.Dispose();
        Assert.Equal(TimeSpan.FromMilliseconds(501), stopwatch.Total());
        Assert.Equal(0, fake.Alive);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Gpus_are_counted_without_the_driver()
    {
        using var fake = new FakeCuda();
        fake.Set("gpus", 8);
        Assert.Equal(8, GpuCount.Read([fake.File]));
        Assert.Equal(0, fake.Calls("cuInit"));
        fake.Fail("nvmlDeviceGetCount_v2", 999, times: 1);
        Assert.Null(GpuCount.Read([fake.File]));
        Assert.Equal(fake.Calls("nvmlInit_v2"), fake.Calls("nvmlShutdown"));
        fake.Fail("nvmlInit_v2", 9);
        Assert.Null(GpuCount.Read([fake.File]));
        Assert.Null(GpuCount.Read(["libnvidia-ml-that-is-not-there.so.1"]));
    }

    private static CudaDevice Device(FakeCuda fake) => new CudaMachine(fake.Surroundings()).Device(0).Value!;
}
