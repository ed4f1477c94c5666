namespace LowRank.Training.Tokenization.Models;

/// <summary>Byte strings with numbers, by their beginnings. Once filled it is safe for threads.</summary>
internal sealed class ByteTrie
{
    /// <summary>The node that follows a node (upper bits) by a byte (lower eight).</summary>
    private readonly Dictionary<long, int> edges = [];

    /// <summary>The number of the string that ends at each node, or −1.</summary>
    private readonly List<int> ends = [-1];

    /// <summary>The node of the empty string.</summary>
    public const int Root = 0;

    /// <summary>Adds a string; of two equal ones the last counts.</summary>
    public void Add(ReadOnlySpan<byte> text, int number)
    {
        var node = Root;
        foreach (var value in text)
        {
            var edge = (long)node << 8 | value;
            if (!edges.TryGetValue(edge, out var next))
            {
                next = ends.Count;
                edges.Add(edge, next);
                ends.Add(-1);
            }

            node = next;
        }

        ends[node] = number;
    }

    /// <summary>Follows a byte; false where no string goes on with it.</summary>
    public bool TryStep(ref int node, byte value) => edges.TryGetValue((long)node << 8 | value, out node);

    /// <summary>The number of the string that ends at a node, or −1.</summary>
    public int End(int node) => ends[node];
}
