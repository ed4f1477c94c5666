using LowRank.Training.Data;

namespace LowRank.Training.Tests.Data;

public sealed class TokenShardTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(65_536, 2)]
    [InlineData(65_537, 4)]
    public void Tokens_are_flat_little_endian_integers_of_the_least_width(int vocabulary, int width)
    {
        var path = Write(vocabulary, [1, 258, vocabulary - 1]);

        byte[] expected = width == 2 ? [1, 0, 2, 1, 255, 255] : [1, 0, 0, 0, 2, 1, 0, 0, 0, 0, 1, 0];
        Assert.Equal(expected, File.ReadAllBytes(path));
        using var shard = TokenShard.Open(path);
        Assert.Equal(3, shard.Count);
        Assert.Equal([258, vocabulary - 1], Read(shard, 1, 2));
    }

    [Fact]
    public void Any_range_reads_what_was_written_in_pieces()
    {
        var random = new Random(1);
        int[] tokens = [.. Enumerable.Range(0, 100_000).Select(_ => random.Next(4096))];
        var path = folder.Under("shard");
        using (var writer = new TokenShardWriter(path, 4096))
        {
            for (var start = 0; start < tokens.Length; )
            {
                var count = Math.Min(random.Next(3000), tokens.Length - start);
                writer.Write(tokens.AsSpan(start, count));
                start += count;
            }

            writer.Complete();
        }

        using var shard = TokenShard.Open(path);
        for (var i = 0; i < 200; i++)
        {
            var offset = random.Next(tokens.Length);
            var count = random.Next(Math.Min(500, tokens.Length - offset) + 1);
            Assert.Equal(tokens.Skip(offset).Take(count).Select(token => (long)token), Read(shard, offset, count));
        }
    }

    [Fact]
    public void Reading_outside_the_shard_is_refused()
    {
        using var shard = TokenShard.Open(Write(300, [1, 2, 3]));

        Assert.Throws<ArgumentOutOfRangeException>(() => Read(shard, 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(shard, -1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(shard, long.MaxValue, 2));
        Assert.Empty(Read(shard, 3, 0));
    }

    [Fact]
    public void Reading_a_disposed_shard_is_refused()
    {
        var shard = TokenShard.Open(Write(300, [1, 2, 3]));
        shard.Dispose();
        shard.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Read(shard, 0, 1));
    }

    [Fact]
    public void An_empty_shard_is_a_shard()
    {
        using var shard = TokenShard.Open(Write(300, []));

        Assert.Equal(0, shard.Count);
    }

    [Fact]
    public void A_writer_that_was_not_completed_leaves_nothing()
    {
        using (var writer = new TokenShardWriter(folder.Under("shard"), 300))
        {
            writer.Write([1, 2, 3]);
            Assert.False(File.Exists(folder.Under("shard")));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void An_id_that_the_width_cannot_hold_is_refused()
    {
        using var writer = new TokenShardWriter(folder.Under("shard"), 300);

        Assert.Throws<OverflowException>(() => writer.Write([70_000]));
        Assert.Throws<OverflowException>(() => writer.Write([-1]));
    }

    [Fact]
    public void Damage_is_found_on_opening()
    {
        var path = Write(300, [.. Enumerable.Range(0, 200)]);
        var whole = File.ReadAllBytes(path);

        File.WriteAllBytes(path, whole[..^2]);
        Assert.Equal($"The shard '{path}' has 398 bytes where 400 were written.", Damage(path));

        File.WriteAllBytes(path, [.. whole[..^1], 7]);
        Assert.Equal($"The shard '{path}' does not hold what was written: its hash differs.", Damage(path));

        File.WriteAllBytes(path, whole);
        File.WriteAllText(path + ".json", "{ \"Format\": \"other\", \"BytesPerToken\": 2, \"Count\": 200, \"Hash\": \"\" }");
        Assert.Contains("does not describe a shard", Damage(path), StringComparison.Ordinal);

        File.WriteAllText(path + ".json", "{ \"Format\": ");
        Assert.Contains("has no usable description beside it", Damage(path), StringComparison.Ordinal);

        File.Delete(path + ".json");
        Assert.Contains("has no usable description beside it", Damage(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_shard_is_named()
    {
        var path = Write(300, [1]);
        File.Delete(path);

        Assert.Equal($"The shard '{path}' is missing.", Damage(path));
    }

    private static string Damage(string path) => Assert.Throws<InvalidDataException>(() => TokenShard.Open(path)).Message;

    private static long[] Read(TokenShard shard, long offset, int count)
    {
        var tokens = new long[count];
        shard.Read(offset, tokens);
        return tokens;
    }

    private string Write(int vocabulary, int[] tokens)
    {
        var path = folder.Under("shard");
        using var writer = new TokenShardWriter(path, vocabulary);
        writer.Write(tokens);
        writer.Complete();
        return path;
    }
}
