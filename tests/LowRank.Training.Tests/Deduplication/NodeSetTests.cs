using LowRank.Training.Deduplication;

namespace LowRank.Training.Tests.Deduplication;

public sealed class NodeSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(1 << 20)]
    public void Documents_have_the_numbers_of_their_order_however_they_are_gathered(int least)
    {
        const int Units = 9;
        var random = new Random(4);
        // Nothing in the first unit and in the last.
        var added = Enumerable.Range(0, 3000).Select(_ => DocumentNode.Of(random.Next(1, Units - 1), random.Next(100))).ToList();
        var nodes = new NodeSet(Units, least);
        foreach (var node in added)
            nodes.Add(node);
        nodes.Seal();
        ulong[] expected = [.. added.Distinct().Order()];
        Assert.Equal(expected, nodes.Nodes);
        for (var index = 0; index < expected.Length; index++)
            Assert.Equal(index, nodes.IndexOf(expected[index]));
    }

    [Fact]
    public void There_may_be_none()
    {
        var nodes = new NodeSet(3);
        nodes.Seal();
        Assert.True(nodes.Nodes.IsEmpty);
    }
}
