using LowRank.Training.Data;
using LowRank.Training.Data.Shards;
using static LowRank.Training.Tests.Data.Shards.TokenBytes;

namespace LowRank.Training.Tests.Data.Shards;

public sealed class ShardedTokensTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Windows_of_many_files_are_those_of_one()
    {
        using var many = Tokens(1000, file: 37);
        using var one = Tokens(1000, file: 1000);
        var (left, right) = (new BatchSampler(many, 16, 4, seed: 3), new BatchSampler(one, 16, 4, seed: 3));
        for (var step = 0; step < 40; step++)
            Assert.Equal(Inputs(left, step), Inputs(right, step));
    }

    [Fact]
    public void A_bounded_number_of_files_stays_open_whatever_is_read_from_how_many_threads()
    {
        using var tokens = Tokens(5000, file: 50, mostMapped: 3);
        Assert.Equal(0, tokens.Mapped);
        Parallel.For(
            0,
            2000,
            i =>
            {
                var start = (i * 7919) % 4900;
                var read = new long[100];
                tokens.Read(start, read);
                Assert.Equal(Enumerable.Range(start, 100).Select(token => (long)token), read);
                Assert.InRange(tokens.Mapped, 0, 3);
            }
        );
    }

    [Fact]
    public void A_token_beyond_the_vocabulary_is_named_when_it_is_read()
    {
        var path = folder.Write("a.bin", Numbers(2, 1, 2, 300, 4));
        using var tokens = new ShardedTokens([new TokenFile(path, 0, 2, 4)], 300);
        tokens.Read(0, new long[2]);
        Assert.Equal(
            $"Token 2 of '{path}' is 300, but the tokenizer has 300 entries, numbered from 0; give the tokenizer that the tokens were made with.",
            Assert.Throws<InputException>(() => tokens.Read(1, new long[3])).Message
        );
    }

    [Fact]
    public void A_file_that_was_cut_off_or_removed_since_is_named()
    {
        var path = folder.Write("a.bin", Numbers(2, 1, 2, 3));
        using var tokens = new ShardedTokens([new TokenFile(path, 0, 2, 4)], 300);
        Assert.Contains(
            "The file has 6 bytes where 8 are expected.",
            Assert.Throws<InputException>(() => tokens.Read(0, new long[1])).Message,
            StringComparison.Ordinal
        );
        File.Delete(path);
        Assert.Contains(path, Assert.Throws<InputException>(() => tokens.Read(0, new long[1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_read_after_the_end_or_after_disposal()
    {
        var tokens = Tokens(10, file: 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => tokens.Read(9, new long[2]));
        tokens.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tokens.Read(0, new long[2]));
    }

    [Fact]
    public void Slices_and_joined_sequences_read_across_their_borders()
    {
        using var tokens = Tokens(100, file: 7);
        using var joined = new JoinedTokens([new TokenSlice(tokens, 90, 10), new TokenSlice(tokens, 0, 0), new TokenSlice(tokens, 5, 20)]);
        long[] expected = [.. Enumerable.Range(90, 10).Concat(Enumerable.Range(5, 20)).Select(token => (long)token)];
        for (var start = 0; start <= 30; start++)
        {
            var read = new long[30 - start];
            joined.Read(start, read);
            Assert.Equal(expected[start..], read);
        }
    }

    [Fact]
    public void The_fingerprint_is_of_the_tokens_and_not_of_their_files()
    {
        string Of(TokenSequence tokens) => TokenFingerprint.Of(tokens, CancellationToken.None);
        using var many = Tokens(1000, file: 37);
        using var one = Tokens(1000, file: 1000);
        using var fewer = Tokens(999, file: 1000);
        Assert.Equal(Of(one), Of(many));
        Assert.NotEqual(Of(one), Of(fewer));

        // Longer than what is looked at: the first and last tokens are.
        var count = 2 * TokenFingerprint.Pieces * TokenFingerprint.PieceLength;
        var bytes = new byte[2 * count];
        string Long(int changed)
        {
            bytes[2 * changed] ^= 1;
            using var tokens = new ShardedTokens([new TokenFile(folder.Write("long.bin", bytes), 0, 2, count)], 300);
            bytes[2 * changed] ^= 1;
            return Of(tokens);
        }

        Assert.Equal(
            4,
            new[] { Long(0), Long(TokenFingerprint.PieceLength - 1), Long(count - 1), Long(count - TokenFingerprint.PieceLength) }
                .Distinct()
                .Count()
        );
    }

    // The tokens 0, 1, 2 … in files of so many each, an empty one among them.
    private ShardedTokens Tokens(int count, int file, int mostMapped = 128)
    {
        var files = new List<TokenFile> { new(folder.Write("empty.bin", []), 0, 2, 0) };
        for (var start = 0; start < count; start += file)
        {
            var length = Math.Min(file, count - start);
            var path = folder.Write(
                $"{count}-{file}-{start}.bin",
                [1, 2, 3, .. Numbers(2, Enumerable.Range(start, length).Select(token => (long)token))]
            );
            files.Add(new TokenFile(path, 3, 2, length));
        }

        return new ShardedTokens(files, count, mostMapped);
    }

    private static long[] Inputs(BatchSampler sampler, long step)
    {
        var (inputs, targets) = (new long[64], new long[64]);
        sampler.Read(step, 0, 4, inputs, targets);
        Assert.Equal(inputs.Select(token => token + 1), targets);
        return inputs;
    }
}
