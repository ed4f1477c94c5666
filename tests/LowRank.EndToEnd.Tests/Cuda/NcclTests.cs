using LowRank.Training.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Cuda;

/// <summary>NCCL's operations on a GPU, in a group of one: every call, and its order among libtorch's own work.</summary>
public sealed class NcclTests
{
    private const int Count = 1 << 22;

    private static readonly NcclPeers Nobody = new(() => null, CancellationToken.None);

    [Fact(Skip = Gpu.Missing, SkipUnless = nameof(Gpu.IsThere), SkipType = typeof(Gpu))]
    public void Operations_of_one_rank_leave_what_was_computed_before_them()
    {
        using var collectives = Join();
        Assert.StartsWith("NCCL 2.", collectives.Engine, StringComparison.Ordinal);
        for (var repetition = 0; repetition < 5; repetition++)
        {
            using var x = Computed(ScalarType.Float32);
            using var y = Computed(ScalarType.Float64);
            using var counts = Computed(ScalarType.Int64);
            using var flags = Computed(ScalarType.Byte);
            Tensor[] all = [x, y, counts, flags];
            using var head = x.narrow(0, 0, 1000);
            using var tail = x.narrow(0, 1000, Count - 1000);
            OwnedPart[] parts = [new(head, 0), new(tail, 0), new(counts, 0)];
            collectives.AllReduce(all);
            collectives.ReduceScatter(parts);
            collectives.AllGather(parts);
            collectives.Broadcast(all, 0);
            collectives.Wait();
            foreach (var tensor in all)
            {
                // Computed on libtorch's stream, which waits for NCCL's.
                using var sum = tensor.sum(ScalarType.Float64);
                Assert.Equal(40.0 * Count, sum.item<double>());
            }
        }

        collectives.Synchronize();
        var times = collectives.Times;
        Assert.Equal(5 * (2 * (4L + 8 + 8 + 1) + 2 * (4L + 8)) * Count, times.Bytes);
        Assert.True(times.Busy > TimeSpan.Zero);
        Assert.True(times.Waited >= TimeSpan.Zero);
    }

    [Fact(Skip = Gpu.Missing, SkipUnless = nameof(Gpu.IsThere), SkipType = typeof(Gpu))]
    public void A_group_can_be_joined_again_and_ends_with_a_broken_one()
    {
        using (Join()) { }
        using var broken = new CancellationTokenSource();
        var dead = new RankFailure(1, "elsewhere", null, null);
        using var collectives = NcclCollectives.Join(0, 1, new Device(Gpu.Name), Same, new(() => dead, broken.Token));
        using var x = Computed(ScalarType.Float32);
        collectives.AllReduce([x]);
        broken.Cancel();
        Assert.Same(dead, Assert.Throws<RankFailedException>(collectives.Synchronize).Failure);
        Assert.Throws<RankFailedException>(() => collectives.AllReduce([x]));
    }

    private static NcclCollectives Join() => NcclCollectives.Join(0, 1, new Device(Gpu.Name), Same, Nobody);

    private static byte[] Same(byte[]? id) => id!;

    // 40 everywhere, at the end of some work.
    private static Tensor Computed(ScalarType type)
    {
        var x = zeros(Count, dtype: type, device: Gpu.Name);
        using var two = 2.ToScalar();
        for (var repetition = 0; repetition < 20; repetition++)
        {
            using var sum = x.add_(two);
        }

        return x;
    }
}
