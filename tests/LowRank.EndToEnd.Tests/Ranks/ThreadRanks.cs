using LowRank.Training.Distributed;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Ranks;

/// <summary>Ranks that are threads of one process, and sum in the order of their numbers.</summary>
internal sealed class ThreadRanks : IDisposable
{
    private readonly Barrier barrier;
    private readonly IReadOnlyList<Tensor>[] given;

    public ThreadRanks(int world)
    {
        barrier = new Barrier(world);
        given = new IReadOnlyList<Tensor>[world];
    }

    /// <summary>32-bit floats that were summed at all ranks, summed at one, and copied: gradients and values, by one rank.</summary>
    public (long Reduced, long Scattered, long Gathered) Sent { get; private set; }

    /// <summary>Runs what each rank does, in a thread each, and returns what they came to.</summary>
    public static IReadOnlyList<T> Run<T>(int world, Func<ProcessGroup, T> run) => Run(world, run, out _);

    /// <summary>The same, and what was sent.</summary>
    public static IReadOnlyList<T> Run<T>(int world, Func<ProcessGroup, T> run, out (long Reduced, long Scattered, long Gathered) sent)
    {
        using var ranks = new ThreadRanks(world);
        var results = new T[world];
        var failures = new Exception?[world];
        var threads = Enumerable
            .Range(0, world)
            .Select(rank => new Thread(() =>
            {
                try
                {
                    results[rank] = run(new ProcessGroup(new Member(ranks, rank)));
                }
                catch (Exception exception) when (exception is not OutOfMemoryException)
                {
                    failures[rank] = exception;
                    ranks.barrier.RemoveParticipant();
                }
            }))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        sent = ranks.Sent;
        return failures.FirstOrDefault(failure => failure is not null) is { } first
            ? throw new AggregateException(first.Message, failures.OfType<Exception>())
            : results;
    }

    public void Dispose() => barrier.Dispose();

    private void Meet()
    {
        if (!barrier.SignalAndWait(TimeSpan.FromSeconds(60)))
            throw new TimeoutException("A rank asks for other operations than this one.");
    }

    private sealed class Member(ThreadRanks all, int rank) : ICollectives
    {
        public int Rank => rank;

        public int World => all.given.Length;

        public Device Device => CPU;

        public string Engine => "threads";

        public bool RunsBeside => all.given.Length != 3; // Either way some time.

        public CollectiveTimes Times => default;

        public void AllReduce(IReadOnlyList<Tensor> tensors)
        {
            Exchange(tensors, (index, own) => Sum(index).CopyTo(own));
            Count(tensors, elements => all.Sent = all.Sent with { Reduced = all.Sent.Reduced + elements });
        }

        public void ReduceScatter(IReadOnlyList<OwnedPart> parts)
        {
            var tensors = parts.Select(part => part.Part).ToList();
            Exchange(
                tensors,
                (index, own) =>
                {
                    if (parts[index].Owner == rank)
                        Sum(index).CopyTo(own);
                    else
                        own.fill_(double.NaN); // Nobody may read it.
                }
            );
            Count(tensors, elements => all.Sent = all.Sent with { Scattered = all.Sent.Scattered + elements });
        }

        public void AllGather(IReadOnlyList<OwnedPart> parts)
        {
            var tensors = parts.Select(part => part.Part).ToList();
            Exchange(tensors, (index, own) => all.given[parts[index].Owner][index].CopyTo(own));
            Count(tensors, elements => all.Sent = all.Sent with { Gathered = all.Sent.Gathered + elements });
        }

        public void Broadcast(IReadOnlyList<Tensor> tensors, int root) =>
            Exchange(tensors, (index, own) => all.given[root][index].CopyTo(own));

        public void Wait() { }

        public void Dispose() { }

        // What is read is a copy: the tensors themselves are written meanwhile.
        private void Exchange(IReadOnlyList<Tensor> tensors, Action<int, Tensor> write)
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            Assert.All(tensors, tensor => Assert.True(tensor.is_contiguous()));
            all.given[rank] = [.. tensors.Select(tensor => tensor.detach().clone())];
            all.Meet();
            Assert.All(all.given, other => Assert.Equal(tensors.Select(tensor => tensor.shape), other.Select(tensor => tensor.shape)));
            for (var index = 0; index < tensors.Count; index++)
                write(index, tensors[index]);
            all.Meet();
        }

        private Tensor Sum(int index) => all.given.Skip(1).Aggregate(all.given[0][index], (sum, other) => sum + other[index]);

        private void Count(IEnumerable<Tensor> tensors, Action<long> add)
        {
            if (rank == 0)
                add(tensors.Where(tensor => tensor.dtype == ScalarType.Float32).Sum(tensor => tensor.NumberOfElements));
        }
    }
}

internal static class TensorCopy
{
    public static void CopyTo(this Tensor from, Tensor to) => to.copy_(from);
}
