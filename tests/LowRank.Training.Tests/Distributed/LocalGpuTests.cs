using LowRank.Training.Distributed;

namespace LowRank.Training.Tests.Distributed;

/// <summary>A rank is shown its own GPU alone, and learns it where there is none for it.</summary>
public sealed class LocalGpuTests
{
    [Theory]
    [InlineData(0, 4, null, "0")]
    [InlineData(3, 4, null, "3")]
    [InlineData(0, 2, "4,5", "4")]
    [InlineData(1, 2, " 4 , 5 ", "5")]
    [InlineData(1, 2, "0,1,2,3", "1")]
    [InlineData(1, 2, "GPU-8932f937-d72c-4106-c12f-20bd9faed9f6,GPU-1a2b", "GPU-1a2b")]
    [InlineData(0, 2, "MIG-GPU-1a2b/1/0,MIG-GPU-1a2b/2/0", "MIG-GPU-1a2b/1/0")]
    // CUDA shows nothing behind an entry that is none.
    [InlineData(1, 2, "3,4,-1,5", "4")]
    public void The_entry_of_the_rank_is_chosen(int localRank, int localWorld, string? visible, string expected) =>
        Assert.Equal(expected, LocalGpu.Choose(localRank, localWorld, visible, () => 4));

    [Theory]
    [InlineData(0, "2")]
    [InlineData(1, "2")]
    [InlineData(1, "MIG-41b35f6e-0d5a-5d8b-9f1c-2f3a")]
    public void One_entry_was_chosen_by_somebody_else(int localRank, string visible) =>
        Assert.Null(LocalGpu.Choose(localRank, 2, visible, () => throw new InvalidOperationException()));

    [Fact]
    public void A_machine_that_does_not_tell_its_number_is_trusted() => Assert.Equal("5", LocalGpu.Choose(5, 8, null, () => null));

    [Fact]
    public void Fewer_GPUs_than_ranks_are_told_with_numbers()
    {
        Assert.Equal(
            "Rank 1 of 4 on this machine finds no GPU of its own: there are 4 ranks here, and this machine has 2. NCCL takes no two ranks on "
                + "one GPU; start at most 2 per machine, or train on CPUs.",
            Refused(1, 4, null)
        );
        Assert.Equal(
            "Rank 2 of 3 on this machine finds no GPU of its own: there are 3 ranks here, and CUDA_VISIBLE_DEVICES=6,7 names 2. NCCL takes "
                + "no two ranks on one GPU; start at most 2 per machine, or name 3 different GPUs, or train on CPUs.",
            Refused(2, 3, "6,7")
        );
        // The same one twice is one.
        Assert.Contains("CUDA_VISIBLE_DEVICES=1,1 names 1. ", Refused(0, 2, "1,1"), StringComparison.Ordinal);
        Assert.Contains("CUDA_VISIBLE_DEVICES= names 0. ", Refused(0, 1, ""), StringComparison.Ordinal);
        Assert.Contains("CUDA_VISIBLE_DEVICES=-1 names 0. ", Refused(0, 1, "-1"), StringComparison.Ordinal);
        Assert.Contains(
            "this machine has 0. NCCL takes no two ranks on one GPU; start none here, or train",
            Refused(0, 1, null, 0),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_rank_that_cannot_be_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LocalGpu.Choose(2, 2, null, () => 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => LocalGpu.Choose(-1, 2, null, () => 4));
    }

    private static string Refused(int localRank, int localWorld, string? visible, int count = 2) =>
        Assert.Throws<InputException>(() => LocalGpu.Choose(localRank, localWorld, visible, () => count)).Message;
}
