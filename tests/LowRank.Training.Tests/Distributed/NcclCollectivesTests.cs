using LowRank.Runtime.Tests.Cuda;
using LowRank.Training.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Distributed;

/// <summary>NCCL's operations: what they do, in which order they reach streams, and which calls they are.</summary>
public sealed class NcclCollectivesTests
{
    // In the order in which one rank makes them.
    private const string Stream = "5000";
    private const string Computed = "6000";
    private const string Done = "6001";

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void An_operation_waits_for_what_was_computed_and_what_is_computed_next_for_it()
    {
        using var fake = new FakeCuda();
        fake.Set("polls", 3);
        using var ranks = new NcclRanks(fake, 1);
        using var x = arange(6, dtype: ScalarType.Float32);
        using var y = ones(2, 5, dtype: ScalarType.Float64);
        using (var collectives = ranks.Join(0))
        {
            Assert.Equal("NCCL 2.27.5", collectives.Engine);
            Assert.Equal((0, 1, CPU), (collectives.Rank, collectives.World, collectives.Device));
            collectives.AllReduce([x, y]);
            collectives.Wait();
            // There is nothing more to wait for.
            collectives.Wait();
        }

        Assert.Equal(
            [
                $"record {Computed} in 7000",
                $"wait in {Stream} for {Computed}",
                $"record 6002 in {Stream}",
                "group",
                $"ncclAllReduce 6 of type 7, root 0, in {Stream}",
                $"ncclAllReduce 10 of type 8, root 0, in {Stream}",
                "end of group",
                // Not before that is it in the stream.
                "settled",
                $"record 6003 in {Stream}",
                $"record {Done} in {Stream}",
                "record 6004 in 7000",
                $"wait in 7000 for {Done}",
                "record 6005 in 7000",
                "complete",
                "destroy",
            ],
            fake.Traces()
        );
        Assert.Equal(0, fake.Alive);
        Assert.Equal(0, fake.CurrentContext);
    }

    [Theory(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Byte)]
    public void Tensors_are_summed_over_the_ranks(ScalarType type)
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 3);
        ranks.RunWell(collectives =>
        {
            using var x = Of(type, [1, 2, 3, 4], collectives.Rank);
            using var row = Of(type, [10, 20], collectives.Rank);
            using var nothing = zeros(0, dtype: type);
            collectives.AllReduce([x, nothing, row]);
            collectives.Wait();
            Assert.Equal([6.0, 9, 12, 15], Values(x));
            Assert.Equal([33.0, 63], Values(row));
        });
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Parts_of_any_size_are_summed_at_their_owners_and_copied_from_them()
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 3);
        ranks.RunWell(collectives =>
        {
            using var flat = Of(ScalarType.Float32, [.. Enumerable.Range(0, 12).Select(i => (double)i)], collectives.Rank);
            int[] owners = [2, 0, 0, 1];
            long[] starts = [0, 3, 4, 9, 12];
            var parts = owners.Select((owner, i) => new OwnedPart(flat.narrow(0, starts[i], starts[i + 1] - starts[i]), owner)).ToList();
            collectives.ReduceScatter(parts);
            collectives.Wait();
            foreach (var (i, part) in parts.Index())
            {
                if (part.Owner == collectives.Rank)
                    Assert.Equal(Expected(starts[i], starts[i + 1]), Values(part.Part));
            }

            collectives.AllGather(parts);
            collectives.Wait();
            Assert.Equal(Expected(0, 12), Values(flat));
            parts.ForEach(part => part.Part.Dispose());
        });
        Assert.Equal(12, fake.Traces().Count(line => line.StartsWith("ncclReduce ", StringComparison.Ordinal)));
        Assert.Equal(12, fake.Traces().Count(line => line.StartsWith("ncclBroadcast ", StringComparison.Ordinal)));

        // Rank r has i + r.
        static IEnumerable<double> Expected(long from, long to)
        {
            for (var i = from; i < to; i++)
                yield return 3 * i + 3;
        }
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Equal_neighbors_in_the_order_of_ranks_are_one_call()
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 2);
        ranks.RunWell(collectives =>
        {
            // One part before, two runs, one run in the wrong order.
            using var flat = Of(ScalarType.Float32, [.. Enumerable.Repeat(1.0, 14)], collectives.Rank);
            int[] owners = [0, 0, 1, 0, 1, 1, 0];
            var parts = owners.Select((owner, i) => new OwnedPart(flat.narrow(0, 2 * i, 2), owner)).ToList();
            collectives.ReduceScatter(parts);
            collectives.AllGather(parts);
            collectives.Wait();
            Assert.All(Values(flat), value => Assert.Equal(3, value));
            parts.ForEach(part => part.Part.Dispose());
        });
        string[] expected = ["ncclReduce", "ncclReduceScatter", "ncclReduceScatter", "ncclReduce", "ncclReduce"];
        Assert.Equal(
            expected.Concat(expected).Order(),
            fake.Traces().Select(line => line.Split(' ')[0]).Where(call => call.StartsWith("ncclReduce", StringComparison.Ordinal)).Order()
        );
        Assert.Equal(4, fake.Traces().Count(line => line.StartsWith("ncclAllGather 2 ", StringComparison.Ordinal)));
        Assert.Equal(6, fake.Traces().Count(line => line.StartsWith("ncclBroadcast 2 ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Neighbors_of_different_memory_are_no_run()
    {
        // As it may be on one rank and not on another.
        var first = new NcclBuffer(1000, 1000, 5, 4, NcclDataType.Float32);
        var next = first with { Address = 1020 };
        var parts = new NcclParts(1, 2);
        Assert.Equal(
            [new(NcclOperation.ReduceScatter, 1000, 1020, 5, NcclDataType.Float32, 0)],
            parts.ReduceScatter([(first, 0), (next, 1)])
        );
        Assert.Equal([new(NcclOperation.AllGather, 1020, 1000, 5, NcclDataType.Float32, 0)], parts.AllGather([(first, 0), (next, 1)]));
        Assert.Equal(
            [
                new(NcclOperation.Reduce, 1000, 1000, 5, NcclDataType.Float32, 0),
                new(NcclOperation.Reduce, 1020, 1020, 5, NcclDataType.Float32, 1),
            ],
            parts.ReduceScatter([(first, 0), (next with { Storage = 1020 }, 1)])
        );
        Assert.Equal(2, parts.AllGather([(first, 0), (next with { Count = 4 }, 1)]).Count());
        Assert.Equal(2, parts.AllGather([(first, 0), (next with { Address = 1024 }, 1)]).Count());
        Assert.Single(parts.AllGather([(first, 0)]));
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Tensors_are_copied_from_one_rank()
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 3);
        ranks.RunWell(collectives =>
        {
            using var x = Of(ScalarType.Int64, [5, 6, 7], collectives.Rank);
            using var one = Of(ScalarType.Byte, [9], collectives.Rank);
            collectives.Broadcast([x, one], root: 1);
            collectives.Wait();
            Assert.Equal([6.0, 7, 8], Values(x));
            Assert.Equal([10.0], Values(one));
        });
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Many_tensors_go_in_groups_that_NCCL_takes()
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 1);
        using var collectives = ranks.Join(0);
        using var x = ones(3);
        collectives.AllReduce([.. Enumerable.Repeat(x, 2049)]);
        collectives.Wait();
        Assert.Equal(2, fake.Traces().Count(line => line == "group"));
        Assert.Equal(2049, fake.Traces().Count(line => line.StartsWith("ncclAllReduce", StringComparison.Ordinal)));
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Nothing_is_asked_for_where_there_is_nothing()
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 1);
        using var collectives = ranks.Join(0);
        using var nothing = zeros(0);
        collectives.AllReduce([]);
        collectives.AllReduce([nothing]);
        collectives.ReduceScatter([new(nothing, 0)]);
        collectives.Wait();
        collectives.Synchronize();
        Assert.Empty(fake.Traces());
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void What_cannot_be_reduced_is_refused_before_anything_is_asked_for()
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 2);
        ranks.RunWell(collectives =>
        {
            using var x = ones(3, 4);
            using var turned = x.t();
            using var half = ones(3, dtype: ScalarType.BFloat16);
            using var elsewhere = empty(3, device: META);
            Assert.Contains("shape [4, 3] isn't contiguous", Refused(() => collectives.AllReduce([x, turned])), StringComparison.Ordinal);
            Assert.Contains("is BFloat16; float32", Refused(() => collectives.Broadcast([half], 0)), StringComparison.Ordinal);
            Assert.Contains("is on meta, and", Refused(() => collectives.AllGather([new(elsewhere, 0)])), StringComparison.Ordinal);
            Assert.Throws<ArgumentOutOfRangeException>(() => collectives.Broadcast([x], 2));
            Assert.Throws<ArgumentOutOfRangeException>(() => collectives.ReduceScatter([new(x, -1)]));
        });
        Assert.DoesNotContain("group", fake.Traces());

        static string Refused(Action call) => Assert.Throws<ArgumentException>(call).Message;
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Bytes_and_times_are_counted()
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 1);
        using var x = ones(6);
        using var y = ones(2, dtype: ScalarType.Float64);
        var collectives = ranks.Join(0);
        Assert.Equal(default, collectives.Times);
        collectives.AllReduce([x]);
        collectives.AllGather([new(y, 0)]);
        // The clock ticks with each event that is recorded: an operation is between two of them, and so is a wait.
        Assert.Equal(new CollectiveTimes(40, TimeSpan.FromMilliseconds(2), TimeSpan.Zero), collectives.Times);
        collectives.Wait();
        var times = new CollectiveTimes(40, TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(1));
        Assert.Equal(times, collectives.Times);
        collectives.Dispose();
        collectives.Dispose();
        Assert.Equal(times, collectives.Times);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void The_host_waits_when_it_is_asked_to()
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 1);
        using var x = ones(6);
        using var collectives = ranks.Join(0);
        fake.Set("pending", 40);
        collectives.AllReduce([x]);
        collectives.Wait();
        Assert.Equal(0, fake.Calls("cuEventQuery"));
        collectives.Synchronize();
        Assert.Equal(41, fake.Calls("cuEventQuery"));
    }

    private static Tensor Of(ScalarType type, double[] values, int rank)
    {
        using var wide = tensor([.. values.Select(value => value + rank)], dtype: ScalarType.Float64);
        return wide.to(type, copy: true);
    }

    private static double[] Values(Tensor x)
    {
        using var wide = x.to(ScalarType.Float64);
        return wide.data<double>().ToArray();
    }
}
