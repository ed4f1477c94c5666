using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LowRank.Training.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.RankProbe;

/// <summary>The collective operations, against what each rank computes of the others by itself.</summary>
internal static class EngineScenarios
{
    private const string Right = "right";

    private static readonly ScalarType[] Types = [ScalarType.Float32, ScalarType.Float64, ScalarType.Int64, ScalarType.Byte];

    // Nothing, one element, slices of one megabyte, a bit less and more, for elements of one, four and eight bytes.
    private static readonly long[] Sizes = [0, 1, 3, 1_000, 131_071, 131_072, 262_145, 1_048_577];

    private const long Large = 10_000_000;

    // Values begin anew after so many elements. A prime, so that nothing that is off by a power of two goes unnoticed.
    private const int Period = 61;

    public static IEnumerable<(string Name, string Value)> Who(ProcessGroup group)
    {
        yield return ("description", group.Description);
        yield return ("place", $"{group.Rank} of {group.World}");
        yield return ("first", group.IsFirst.ToString());
    }

    /// <summary>All-reduce of lists with tensors of every size, also without one.</summary>
    public static IEnumerable<(string Name, string Value)> Sums(ProcessGroup group)
    {
        group.Collectives.AllReduce([]);
        group.Collectives.Wait();
        foreach (var type in Types)
        {
            var tensors = Sizes.Append(type == ScalarType.Float32 ? Large : 5).Select(size => Made(size, type, group.Rank)).ToList();
            group.Collectives.AllReduce(tensors);
            group.Collectives.Wait();
            yield return ($"{type}", AllRight(tensors, index => Sum(index, group.World), tensor => tensor));
            tensors.ForEach(tensor => tensor.Dispose());
        }
    }

    /// <summary>
    /// Reduce-scatter to owners in no order, some with several parts and one perhaps with none; then all-gather of the same.
    /// </summary>
    public static IEnumerable<(string Name, string Value)> Parts(ProcessGroup group)
    {
        group.Collectives.ReduceScatter([]);
        group.Collectives.AllGather([]);
        foreach (var type in Types)
        {
            var parts = Sizes
                .Append(7)
                .Select((size, at) => new OwnedPart(Made(size, type, group.Rank), (at * 5 + 1) % group.World))
                .ToList();
            group.Collectives.ReduceScatter(parts);
            group.Collectives.Wait();
            var mine = parts.Where(part => part.Owner == group.Rank).ToList();
            yield return ($"{type} reduced", AllRight(mine, index => Sum(index, group.World), part => part.Part));
            group.Collectives.AllGather(parts);
            group.Collectives.Wait();
            yield return ($"{type} gathered", AllRight(parts, index => Sum(index, group.World), part => part.Part));
            parts.ForEach(part => part.Part.Dispose());
        }
    }

    /// <summary>Broadcast from each rank.</summary>
    public static IEnumerable<(string Name, string Value)> Copies(ProcessGroup group)
    {
        for (var root = 0; root < group.World; root++)
        {
            foreach (var type in Types)
            {
                var tensors = Sizes.Select(size => Made(size, type, group.Rank)).ToList();
                group.Collectives.Broadcast(tensors, root);
                group.Collectives.Wait();
                var from = root;
                yield return ($"{type} from {root}", AllRight(tensors, index => Value(index, from), tensor => tensor));
                tensors.ForEach(tensor => tensor.Dispose());
            }
        }
    }

    /// <summary>The small helpers.</summary>
    public static IEnumerable<(string Name, string Value)> Helpers(ProcessGroup group)
    {
        var ranks = group.Collectives;
        double[] sums = [group.Rank, 0.1, 1e300 * group.Rank];
        ranks.Sum(sums);
        yield return ("sums", string.Join(' ', sums.Select(sum => sum.ToString("r", CultureInfo.InvariantCulture))));
        yield return ("broadcast", Encoding.UTF8.GetString(ranks.BroadcastBytes(Encoding.UTF8.GetBytes($"rank {group.Rank}"), 1)));
        yield return ("nothing", ranks.BroadcastBytes([], 0).Length.ToString(CultureInfo.InvariantCulture));
        // Of different lengths; rank 0 says nothing.
        var said = ranks.GatherBytes(Encoding.UTF8.GetBytes(new string((char)('a' + group.Rank), group.Rank)));
        yield return ("gathered", string.Join(',', said.Select(Encoding.UTF8.GetString)));
        ranks.Barrier();
    }

    /// <summary>Operations that are queued without waiting run in the order of the calls, whatever a rank computes meanwhile.</summary>
    public static IEnumerable<(string Name, string Value)> Order(ProcessGroup group)
    {
        var tensors = Enumerable.Range(0, 20).Select(_ => ones(5)).ToList();
        using var large = ones(300_000);
        for (var round = 0; round < 20; round++)
        {
            // A sum of ones, a number of this rank's own, that of another rank, a sum again: any other order has another end.
            group.Collectives.AllReduce([tensors[round]]);
            group.Collectives.AllReduce([large]);
            group.Collectives.Broadcast([large], round % group.World);
            if (round % group.World == group.Rank)
                Thread.Sleep(3);
            group.Collectives.AllReduce([tensors[round]]);
            group.Collectives.ReduceScatter([new OwnedPart(tensors[round], round % group.World)]);
            group.Collectives.AllGather([new OwnedPart(tensors[round], round % group.World)]);
            if (round % 5 == 4)
            {
                group.Collectives.Wait();
                large.fill_(1.0f);
            }
        }

        group.Collectives.Wait();
        // Thrice summed: the number of ranks to the third power.
        yield return (
            "sums",
            string.Join(' ', tensors.Select(tensor => tensor.data<float>()[4].ToString(CultureInfo.InvariantCulture)).Distinct())
        );
        tensors.ForEach(tensor => tensor.Dispose());
    }

    /// <summary>Sums of numbers that round, several times: their bits.</summary>
    public static IEnumerable<(string Name, string Value)> Bits(ProcessGroup group)
    {
        long[] sizes = [7, 1_001, 300_007, 2_000_003];
        for (var repeat = 0; repeat < 3; repeat++)
        {
            using var generator = new torch.Generator(17);
            generator.manual_seed(17 + group.Rank);
            var tensors = sizes.Select(size => randn(size, generator: generator)).ToList();
            foreach (var tensor in tensors)
                tensor.pow_(3);
            // Ranks that come at other times must not change the order of a sum.
            Thread.Sleep(repeat * 7 * (group.Rank + 1) % 20);
            group.Collectives.AllReduce(tensors);
            group.Collectives.Wait();
            yield return ($"{repeat}", Hash(tensors));
            tensors.ForEach(tensor => tensor.Dispose());
        }
    }

    /// <summary>The runtime still recognizes what the processor reports.</summary>
    public static IEnumerable<(string Name, string Value)> Faults(ProcessGroup group)
    {
        yield return ("null", Caught(() => Text(null).Length));
        yield return ("zero", Caught(() => 1 / Number("0")));
        // On another thread than the one that called MPI, and on this one.
        string? other = null;
        var thread = new Thread(() => other = Caught(() => Text(null).Length));
        thread.Start();
        thread.Join();
        yield return ("other", other!);
        group.Collectives.Barrier();

        static string Text(string? text) => text!;
        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
        static string Caught(Func<int> act)
        {
            try
            {
                return act().ToString(CultureInfo.InvariantCulture);
            }
            catch (Exception error)
            {
                return error.GetType().Name;
            }
        }
    }

    /// <summary>The bytes that rank 0 gives to all, over the channel.</summary>
    public static IEnumerable<(string Name, string Value)> Share(ProcessGroup group)
    {
        for (var round = 0; round < 3; round++)
        {
            var bytes = Enumerable.Range(0, 128).Select(at => (byte)(at + round + group.Rank)).ToArray();
            yield return ($"{round}", Convert.ToHexString(group.Channel!.Share(bytes)));
        }
    }

    /// <summary>Computing alone, the operations alone, both beside each other; and computing while the others wait. Seconds.</summary>
    public static IEnumerable<(string Name, string Value)> Overlap(ProcessGroup group)
    {
        using var square = randn(1024, 1024);
        using var flat = ones(8_000_000);
        void Compute(int times)
        {
            for (var round = 0; round < times; round++)
                square.mm(square).Dispose();
        }
        void Reduce()
        {
            for (var round = 0; round < 4; round++)
            {
                using var part = flat.narrow(0, round * 2_000_000, 2_000_000);
                group.Collectives.AllReduce([part]);
            }
        }

        Compute(1);
        Reduce();
        group.Collectives.Wait();
        for (var repeat = 0; repeat < 3; repeat++)
        {
            group.Collectives.Barrier();
            yield return ($"computing {repeat}", Timed(() => Compute(8)));
            group.Collectives.Barrier();
            yield return (
                $"reducing {repeat}",
                Timed(() =>
                {
                    Reduce();
                    group.Collectives.Wait();
                })
            );
            group.Collectives.Barrier();
            yield return (
                $"both {repeat}",
                Timed(() =>
                {
                    Reduce();
                    Compute(8);
                    group.Collectives.Wait();
                })
            );
            group.Collectives.Barrier();
            // Rank 0 computes, and the others wait for it.
            yield return ($"alone {repeat}", Timed(() => Compute(group.Rank == 0 ? 8 : 0)));
            group.Collectives.Barrier();
            // A rank that is late by 300 ms: what the waiting ones take of the processor meanwhile.
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            if (group.Rank == 0)
                Thread.Sleep(300);
            group.Collectives.Barrier();
            yield return ($"taken {repeat}", Seconds(Process.GetCurrentProcess().TotalProcessorTime - before));
        }
    }

    /// <summary>Gigabytes of tensors a second, and microseconds of a small one.</summary>
    public static IEnumerable<(string Name, string Value)> Bandwidth(ProcessGroup group)
    {
        const int Length = 12_000_000;
        using var flat = zeros(Length);
        using var small = zeros(1_000);
        var parts = flat.chunk(group.World).Select((part, owner) => new OwnedPart(part, owner)).ToList();
        (string Name, Action Act)[] operations =
        [
            ("all-reduce", () => group.Collectives.AllReduce([flat])),
            ("reduce-scatter", () => group.Collectives.ReduceScatter(parts)),
            ("all-gather", () => group.Collectives.AllGather(parts)),
            ("broadcast", () => group.Collectives.Broadcast([flat], 0)),
        ];
        foreach (var (name, act) in operations)
        {
            var best = double.MaxValue;
            for (var repeat = 0; repeat < 6; repeat++)
            {
                group.Collectives.Barrier();
                var start = Stopwatch.GetTimestamp();
                act();
                group.Collectives.Wait();
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            yield return (name, (Length * 4.0 / best / 1e9).ToString("0.00 GB/s", CultureInfo.InvariantCulture));
        }

        var latency = Stopwatch.GetTimestamp();
        for (var repeat = 0; repeat < 200; repeat++)
        {
            group.Collectives.AllReduce([small]);
            group.Collectives.Wait();
        }

        yield return ("4 KB", (Stopwatch.GetElapsedTime(latency).TotalMicroseconds / 200).ToString("0.0 µs", CultureInfo.InvariantCulture));
        parts.ForEach(part => part.Part.Dispose());
        yield return ("times", group.Collectives.Times.ToString());
    }

    private static string Timed(Action act)
    {
        var start = Stopwatch.GetTimestamp();
        act();
        return Seconds(Stopwatch.GetElapsedTime(start));
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0000", CultureInfo.InvariantCulture);

    // Small whole numbers, which every type adds up exactly: those of four ranks stay below 256.
    private static int Value(long index, int rank) => (int)(((index * (rank + 3)) + rank) % Period);

    private static int Sum(long index, int world) => Enumerable.Range(0, world).Sum(rank => Value(index, rank));

    private static Tensor Made(long size, ScalarType type, int rank)
    {
        using var index = arange(size, ScalarType.Int64);
        using var product = index.mul(rank + 3L);
        using var sum = product.add(rank);
        using var value = sum.remainder((long)Period);
        return value.to_type(type, copy: true);
    }

    private static string AllRight<T>(IReadOnlyCollection<T> items, Func<long, int> expected, Func<T, Tensor> tensor)
    {
        var period = Enumerable.Range(0, Period).Select(index => (long)expected(index)).ToArray();
        foreach (var item in items)
        {
            using var numbers = tensor(item).to_type(ScalarType.Int64, copy: true);
            var all = numbers.numel() == 0 ? [] : numbers.data<long>().ToArray();
            for (var at = 0; at < all.Length; at++)
            {
                if (all[at] != period[at % Period])
                    return string.Create(
                        CultureInfo.InvariantCulture,
                        $"element {at} of {all.Length} is {all[at]}, not {period[at % Period]}"
                    );
            }
        }

        return Right;
    }

    private static string Hash(IEnumerable<Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in tensors)
            hash.AppendData(tensor.bytes);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
