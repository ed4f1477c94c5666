using LowRank.Training.Deduplication;

namespace LowRank.Training.Tests.Deduplication;

public sealed class MinHashOptionsTests
{
    public static TheoryData<object, string> Wrong =>
        new()
        {
            {
                new MinHashOptions { NGrams = 0 },
                "nGrams is 0; choose a number of at least 1."
            },
            {
                new MinHashOptions { Buckets = -1 },
                "buckets is -1; choose a number of at least 1."
            },
            {
                new MinHashOptions { HashesPerBucket = 0 },
                "hashesPerBucket is 0; choose a number of at least 1."
            },
            {
                new MinHashOptions { Buckets = 100_000, HashesPerBucket = 100_000 },
                "buckets × hashesPerBucket is 10,000,000,000; 65,536 is the most."
            },
            {
                new MinHashOptions { Seed = -1 },
                "seed is -1; choose a number from 0 to 4294967295."
            },
            {
                new MinHashOptions { HashBits = 16 },
                "hashBits is 16; choose 64 or 32."
            },
        };

    [Fact]
    public void The_published_ones_are_right() => new MinHashOptions().Check();

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Others_are_refused_with_their_names(object options, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(((MinHashOptions)options).Check).Message);

    [Theory]
    [InlineData(0)]
    [InlineData(4097)]
    public void Ranges_have_limits(int ranges) =>
        Assert.Equal(
            $"ranges is {ranges}; choose a number from 1 to 4096.",
            Assert.Throws<InputException>(new ExactOptions { Ranges = ranges }.Check).Message
        );
}
