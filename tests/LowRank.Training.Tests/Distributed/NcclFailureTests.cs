using System.Diagnostics;
using LowRank.Cuda;
using LowRank.Runtime.Tests.Cuda;
using LowRank.Training.Distributed;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Distributed;

/// <summary>Whatever fails, nobody waits for ever, and the first one to know says who it was.</summary>
public sealed class NcclFailureTests
{
    private static readonly RankFailure Dead = new(1, "node7", null, null);

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_peer_that_dies_ends_the_wait_for_it()
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 2);
        using var x = ones(3);
        using var gone = new ManualResetEventSlim();
        var thrown = ranks.Run(collectives =>
        {
            if (collectives.Rank == 1)
            {
                gone.Wait();
                return;
            }

            var breaking = new Timer(_ => Break(), null, 100, Timeout.Infinite);
            try
            {
                // The other one never asks for it.
                collectives.AllReduce([x]);
            }
            finally
            {
                breaking.Dispose();
                gone.Set();
            }
        });
        Assert.Equal("Rank 1 on node7 died.", Assert.IsType<RankFailedException>(thrown[0]).Message);
        Assert.Contains("abort", fake.Traces());
        Assert.Equal(0, fake.Alive);

        void Break()
        {
            ranks.Failure = Dead;
            ranks.Break();
        }
    }

    [Theory(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    [InlineData(true)]
    [InlineData(false)]
    public void A_failure_ends_what_hangs_on_the_GPU_while_the_caller_waits_for_something_else(bool isToldByOthers)
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 1) { Patience = TimeSpan.FromMilliseconds(50) };
        using var x = ones(3);
        using var collectives = ranks.Join(0);
        fake.Set("stuck", 1);
        collectives.AllReduce([x]);
        collectives.Wait();
        if (isToldByOthers)
            ranks.Break();
        else
            fake.Set("asyncError", (int)NcclResult.RemoteError);
        // As in a copy to the host: nothing is asked of the collectives.
        Until(() => fake.Calls("ncclCommAbort") == 1);
        var error = Assert.Throws<NcclException>(collectives.Wait);
        Assert.Equal(
            isToldByOthers
                ? "Another rank has failed."
                : "An operation of NCCL failed: remote process exited or there was a network error (connection closed by remote peer).",
            error.Message
        );
        Assert.Equal(NcclResult.RemoteError, error.Result);
        // And so it is from now on.
        Assert.Equal(error.Message, Assert.Throws<NcclException>(collectives.Synchronize).Message);
        Assert.Equal(error.Message, Assert.Throws<NcclException>(() => collectives.AllReduce([x])).Message);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_host_that_waits_for_the_GPU_learns_of_a_failure()
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 1) { Failure = Dead };
        using var x = ones(3);
        using var collectives = ranks.Join(0);
        fake.Set("stuck", 1);
        collectives.AllReduce([x]);
        using var breaking = new Timer(_ => ranks.Break(), null, 50, Timeout.Infinite);
        Assert.Same(Dead, Assert.Throws<RankFailedException>(collectives.Synchronize).Failure);
        // By this thread or the one that watches.
        Until(() => fake.Calls("ncclCommAbort") == 1);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Who_has_failed_may_be_told_after_NCCL_has_seen_it()
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 1) { Patience = TimeSpan.FromSeconds(20) };
        using var x = ones(3);
        using var collectives = ranks.Join(0);
        fake.Set("asyncError", (int)NcclResult.SystemError);
        using var breaking = new Timer(_ => Break(), null, 300, Timeout.Infinite);
        var began = Stopwatch.GetTimestamp();
        Assert.Same(Dead, Assert.Throws<RankFailedException>(() => collectives.AllReduce([x])).Failure);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 15);

        void Break()
        {
            ranks.Failure = Dead;
            ranks.Break();
        }
    }

    [Theory(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    [InlineData("ncclGroupStart")]
    [InlineData("ncclAllReduce")]
    [InlineData("ncclGroupEnd")]
    [InlineData("ncclCommGetAsyncError")]
    public void A_call_that_fails_ends_the_group_and_the_membership(string function)
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 1);
        using var x = ones(3);
        using var collectives = ranks.Join(0);
        fake.Fail(function, (int)NcclResult.InternalError);
        var error = Assert.Throws<NcclException>(() => collectives.AllReduce([x, x]));
        Assert.Equal(NcclResult.InternalError, error.Result);
        Assert.StartsWith("An operation of NCCL failed: some error", error.Message, StringComparison.Ordinal);
        Until(() => fake.Traces()[^1] == "abort");
        var traces = fake.Traces();
        Assert.Equal(traces.Count(line => line == "group"), traces.Count(line => line == "end of group"));
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Ranks_that_ask_for_different_operations_are_told()
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 2);
        using var x = ones(3);
        using var y = ones(4);
        var thrown = ranks.Run(collectives => collectives.AllReduce([collectives.Rank == 0 ? x : y]));
        Assert.All(thrown, error => Assert.Equal(NcclResult.InvalidUsage, Assert.IsType<NcclException>(error).Result));
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Two_ranks_on_one_GPU_are_refused()
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 2);
        var thrown = new Exception?[2];
        var threads = Enumerable
            .Range(0, 2)
            .Select(rank => new Thread(() => thrown[rank] = Record.Exception(() => ranks.Join(rank, gpu: 3))))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.All(
            thrown,
            error =>
                Assert.Equal(
                    "Joining 2 ranks by NCCL failed: invalid usage (Duplicate GPU detected : two ranks on one CUDA device). Each rank needs "
                        + "a GPU of its own: start no more ranks on a machine than it has GPUs, and let CUDA_VISIBLE_DEVICES name different "
                        + "ones.",
                    Assert.IsType<InputException>(error).Message
                )
        );
        Assert.Equal(2, fake.Calls("ncclCommAbort"));
        Assert.Equal(0, fake.Alive);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_peer_that_dies_before_it_has_joined_ends_the_wait_for_it()
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 2) { Failure = Dead };
        using var breaking = new Timer(_ => ranks.Break(), null, 50, Timeout.Infinite);
        Assert.Throws<RankFailedException>(() => ranks.Join(0));
        Assert.Equal("abort", fake.Traces()[^1]);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Ranks_that_do_not_leave_are_not_waited_for()
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 2) { Patience = TimeSpan.FromMilliseconds(300) };
        using var left = new ManualResetEventSlim();
        ranks.RunWell(collectives =>
        {
            if (collectives.Rank == 1)
            {
                left.Wait();
                return;
            }

            collectives.Dispose();
            left.Set();
        });
        Assert.Equal(["complete", "abort"], fake.Traces().Take(2));
        Assert.Equal(0, fake.Alive);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void After_a_failure_of_the_GPU_its_message_is_not_hidden_by_another()
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 1);
        using var x = ones(3);
        using var collectives = ranks.Join(0);
        collectives.AllReduce([x]);
        fake.Fail("cuEventQuery", 700);
        fake.Fail("cuEventDestroy_v2", 700);
        Assert.StartsWith("cuEventQuery failed: CUDA_ERROR_ILLEGAL_ADDRESS", Assert.Throws<CudaException>(collectives.Synchronize).Message);
        collectives.Dispose();
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void An_id_that_is_not_whole_or_not_made_is_told()
    {
        using var fake = new FakeCuda();
        using var ranks = new NcclRanks(fake, 1);
        var machine = ranks.Machine(0);
        var peers = new NcclPeers(() => null, default);
        Assert.Contains(
            "NCCL's id has 128 bytes, and 127 were received",
            Assert.Throws<ArgumentException>(() => new NcclCollectives(1, 2, CPU, machine, _ => new byte[127], peers)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "this id was never made",
            Assert.Throws<NcclException>(() => new NcclCollectives(1, 2, CPU, machine, _ => new byte[128], peers)).Message,
            StringComparison.Ordinal
        );
        // One byte differs, the last one.
        Assert.Throws<NcclException>(() => new NcclCollectives(0, 1, CPU, machine, id => [.. id![..127], (byte)(id[127] + 1)], peers));
        fake.Fail("ncclGetUniqueId", (int)NcclResult.SystemError);
        Assert.Equal(
            "NCCL makes no id for the group: unhandled system error (no network).",
            Assert.Throws<NcclException>(() => ranks.Join(0)).Message
        );
    }

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(20)));
}
