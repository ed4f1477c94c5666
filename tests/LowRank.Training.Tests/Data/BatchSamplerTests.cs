using LowRank.Training.Data;

namespace LowRank.Training.Tests.Data;

public sealed class BatchSamplerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    [InlineData(65_537)]
    public void A_permutation_has_every_number_once(int count)
    {
        var permutation = new IndexPermutation(count, seed: 11, epoch: 2);

        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), Enumerable.Range(0, count).Select(i => permutation[i]).Order());
    }

    [Fact]
    public void A_permutation_of_a_large_count_stays_within_it_and_depends_on_seed_and_epoch()
    {
        const long Count = (1L << 40) + 12345;
        var permutation = new IndexPermutation(Count, seed: 1, epoch: 0);

        long[] first = [.. Enumerable.Range(0, 1000).Select(i => permutation[Count - 1 - i])];

        Assert.All(first, value => Assert.InRange(value, 0, Count - 1));
        Assert.Equal(1000, first.Distinct().Count());
        Assert.NotEqual(permutation[5], new IndexPermutation(Count, seed: 2, epoch: 0)[5]);
        Assert.NotEqual(permutation[5], new IndexPermutation(Count, seed: 1, epoch: 1)[5]);
        Assert.Throws<ArgumentOutOfRangeException>(() => permutation[Count]);
    }

    [Fact]
    public void A_permutation_shuffles()
    {
        // The mean distance between a number and its place in a random order is a third of the count.
        var permutation = new IndexPermutation(10_000, seed: 3, epoch: 0);

        var distance = Enumerable.Range(0, 10_000).Average(i => Math.Abs(permutation[i] - i));
        var neighbors = Enumerable.Range(0, 9_999).Average(i => Math.Abs(permutation[i + 1] - permutation[i]));

        Assert.InRange(distance, 3100, 3570);
        Assert.InRange(neighbors, 3100, 3570);
    }

    [Fact]
    public void Every_window_comes_once_an_epoch_in_an_order_of_its_own()
    {
        // 17 windows of 4 tokens and 3 left over; 5 sequences a step, so that epochs begin within steps.
        using var shard = Shard((17 * 4) + 3);
        var sampler = new BatchSampler(shard, context: 4, sequencesPerStep: 5, seed: 7);

        long[] windows =
        [
            .. Enumerable.Range(0, 17).SelectMany(step => Enumerable.Range(0, 5).Select(i => sampler.WindowAt(step, i).Window)),
        ];

        Assert.Equal(17, sampler.WindowsPerEpoch());
        Assert.All(windows.Chunk(17), epoch => Assert.Equal(Enumerable.Range(0, 17).Select(i => (long)i), epoch.Order()));
        Assert.Equal(5, windows.Chunk(17).Select(epoch => string.Join(' ', epoch)).Distinct().Count());
    }

    [Fact]
    public void One_text_is_read_in_the_order_of_the_permutation_of_its_windows()
    {
        using var shard = Shard(69);
        var sampler = new BatchSampler(shard, context: 4, sequencesPerStep: 5, seed: 7);
        for (var position = 0; position < 100; position++)
        {
            var expected = new IndexPermutation(17, 7, position / 17)[position % 17];
            Assert.Equal((0, expected), sampler.WindowAt(position / 5, position % 5));
        }
    }

    [Fact]
    public void Rows_hold_the_window_and_targets_the_next_tokens()
    {
        using var shard = Shard(1000);
        var sampler = new BatchSampler(shard, context: 8, sequencesPerStep: 6, seed: 1);
        var inputs = new long[24];
        var targets = new long[24];

        sampler.Read(step: 3, firstSequence: 2, count: 3, inputs, targets);

        for (var row = 0; row < 3; row++)
        {
            // The shard counts upwards, so a token is its own position.
            var start = 8 * sampler.WindowAt(3, 2 + row).Window;
            Assert.Equal(Enumerable.Range(0, 8).Select(i => start + i), inputs[(8 * row)..(8 * (row + 1))]);
            Assert.Equal(Enumerable.Range(1, 8).Select(i => start + i), targets[(8 * row)..(8 * (row + 1))]);
        }
    }

    [Fact]
    public void Micro_batches_and_a_new_sampler_read_the_same_data()
    {
        using var shard = Shard(2000);
        var whole = new long[6 * 16];
        new BatchSampler(shard, 16, 6, seed: 9).Read(41, 0, 6, whole, new long[6 * 16]);
        var parts = new long[6 * 16];
        var resumed = new BatchSampler(shard, 16, 6, seed: 9);
        resumed.Read(41, 4, 2, parts.AsSpan(64), new long[32]);
        resumed.Read(41, 0, 4, parts.AsSpan(0, 64), new long[64]);
        var otherSeed = new long[6 * 16];
        new BatchSampler(shard, 16, 6, seed: 10).Read(41, 0, 6, otherSeed, new long[6 * 16]);

        Assert.Equal(whole, parts);
        Assert.NotEqual(whole, otherSeed);
    }

    [Fact]
    public void The_smallest_shard_has_one_window_and_a_smaller_one_is_refused()
    {
        using (TokenShard enough = Shard(9))
        {
            Assert.Equal(1, new BatchSampler(enough, 8, 1, 0).WindowsPerEpoch());
            Assert.Equal(1, new ValidationWindows(enough, 8).Count);
        }

        using var tooFew = Shard(8);
        Assert.Equal(
            "The training text has 8 tokens, but one window of context 8 needs 9; give more text, hold out a different share for validation, or declare a shorter context.",
            Assert.Throws<InputException>(() => new BatchSampler(tooFew, 8, 1, 0)).Message
        );
        Assert.StartsWith(
            "The validation text has 8 tokens",
            Assert.Throws<InputException>(() => new ValidationWindows(tooFew, 8)).Message
        );
    }

    [Fact]
    public void Wrong_sizes_and_sequences_are_refused()
    {
        using var shard = Shard(100);
        var sampler = new BatchSampler(shard, 4, 2, 0);

        Assert.Equal(
            "2 windows of context 4 fill 8 inputs and targets, not 8 and 7.",
            Assert.Throws<ArgumentException>(() => sampler.Read(0, 0, 2, new long[8], new long[7])).Message
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Read(0, 1, 2, new long[8], new long[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.WindowAt(-1, 0).Window);
    }

    [Fact]
    public void Validation_reads_all_windows_in_order_or_fewer_spread_evenly()
    {
        using var shard = Shard(103);
        var all = new ValidationWindows(shard, context: 10);
        var some = new ValidationWindows(shard, context: 10, most: 4);

        Assert.Equal(10, all.Count);
        Assert.Equal(100, all.Tokens);
        Assert.Equal([0L, 10, 20, 30, 40, 50, 60, 70, 80, 90], Starts(all));
        Assert.Equal([0L, 20, 50, 70], Starts(some));
        Assert.Throws<ArgumentOutOfRangeException>(() => some.Read(3, 2, new long[20], new long[20]));
    }

    private static long[] Starts(ValidationWindows windows)
    {
        var inputs = new long[windows.Tokens];
        var targets = new long[windows.Tokens];
        windows.Read(0, windows.Count, inputs, targets);
        Assert.Equal(inputs.Select(token => token + 1), targets);
        return [.. inputs.Where((_, i) => i % 10 == 0)];
    }

    private TokenShard Shard(int tokens)
    {
        var path = folder.Under(Guid.NewGuid().ToString("N"));
        using var writer = new TokenShardWriter(path, 4096);
        writer.Write([.. Enumerable.Range(0, tokens)]);
        writer.Complete();
        return TokenShard.Open(path);
    }
}
