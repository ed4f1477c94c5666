using static TorchSharp.torch;

namespace LowRank.Training.Distributed;

/// <summary>Small things that ranks tell each other over their collective operations. Each waits for its result.</summary>
internal static class CollectiveHelpers
{
    /// <summary>Returns once all ranks have called it.</summary>
    public static void Barrier(this ICollectives ranks)
    {
        Span<double> nothing = stackalloc double[1];
        ranks.Sum(nothing);
    }

    /// <summary>Sums numbers over the ranks, in place; all get the same bits.</summary>
    public static void Sum(this ICollectives ranks, Span<double> numbers)
    {
        using var sums = tensor(numbers.ToArray(), ScalarType.Float64, ranks.Device);
        ranks.AllReduce([sums]);
        using var here = ranks.Read(sums);
        here.data<double>().CopyTo(numbers);
    }

    /// <summary>Copies bytes from one rank to all.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="bytes">What the root says; the others' is not used.</param>
    /// <param name="root">The rank that says it.</param>
    public static byte[] BroadcastBytes(this ICollectives ranks, byte[]? bytes, int root)
    {
        Span<double> length = [ranks.Rank == root ? bytes!.Length : 0];
        ranks.Sum(length);
        return ranks.BroadcastBytes(bytes, (int)length[0], root);
    }

    /// <summary>Copies bytes whose number all ranks know from one of them to all.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="bytes">What the root says; the others' is not used.</param>
    /// <param name="length">How many.</param>
    /// <param name="root">The rank that says it.</param>
    public static byte[] BroadcastBytes(this ICollectives ranks, byte[]? bytes, int length, int root)
    {
        using var content = tensor(ranks.Rank == root ? bytes! : new byte[length], ScalarType.Byte, ranks.Device);
        ranks.Broadcast([content], root);
        using var here = ranks.Read(content);
        return here.data<byte>().ToArray();
    }

    /// <summary>Gives every rank what each of them says.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="mine">What this one says, of any length.</param>
    /// <returns>By rank.</returns>
    public static byte[][] GatherBytes(this ICollectives ranks, byte[] mine)
    {
        var lengths = new double[ranks.World];
        lengths[ranks.Rank] = mine.Length;
        ranks.Sum(lengths);
        var contents = lengths
            .Select((length, rank) => tensor(rank == ranks.Rank ? mine : new byte[(int)length], ScalarType.Byte, ranks.Device))
            .ToList();
        try
        {
            ranks.AllGather([.. contents.Select((content, rank) => new OwnedPart(content, rank))]);
            ranks.Wait();
            return [.. contents.Select(Bytes)];
        }
        finally
        {
            contents.ForEach(content => content.Dispose());
        }

        static byte[] Bytes(Tensor content)
        {
            using var here = content.cpu();
            return here.numel() == 0 ? [] : here.data<byte>().ToArray();
        }
    }

    // On a GPU the copy is what waits. An operation that a failure has ended leaves anything, which the second question tells.
    private static Tensor Read(this ICollectives ranks, Tensor result)
    {
        ranks.Wait();
        var here = result.cpu();
        ranks.Wait();
        return here;
    }
}
