using LowRank.Decoding;

namespace LowRank.Runtime.Tests.Decoding;

/// <summary>Every chunk of every piece of work is done exactly once, by however many threads.</summary>
public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_chunk_is_done_once_before_the_caller_goes_on(int threads)
    {
        using var team = new ThreadTeam(threads);
        var random = new Random(3);
        for (var piece = 0; piece < 20_000; piece++)
        {
            // Pieces of different sizes, so that a chunk of another piece would be one too many or out of range.
            var job = new Counting(random.Next(1, 9));
            team.Run(job, job.Counts.Length);
            Assert.All(job.Counts, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Threads_that_have_gone_to_sleep_come_back()
    {
        using var team = new ThreadTeam(3);
        for (var piece = 0; piece < 20; piece++)
        {
            Thread.Sleep(5);
            var job = new Counting(64);
            team.Run(job, 64);
            Assert.All(job.Counts, count => Assert.Equal(1, count));
        }
    }

    private sealed class Counting(int chunks) : Job
    {
        public int[] Counts { get; } = new int[chunks];

        public override void Run(int chunk) => Interlocked.Increment(ref Counts[chunk]);
    }
}
