using LowRank.Cuda;
using LowRank.Runtime.Tests.Cuda;
using LowRank.Training.Distributed;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Distributed;

/// <summary>Ranks as threads of this process, over the library in the place of driver and NCCL. Tensors are in the host's memory.</summary>
/// <param name="fake">The library.</param>
/// <param name="world">Number of ranks.</param>
internal sealed class NcclRanks(FakeCuda fake, int world) : IDisposable
{
    private readonly TaskCompletionSource<byte[]> id = new();
    private readonly CancellationTokenSource broken = new();

    /// <summary>Which rank has failed, when one has.</summary>
    public RankFailure? Failure { get; set; }

    /// <summary>
    /// How long others have for what takes time when something is wrong: longer than a busy machine keeps a thread waiting.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The stream on which a rank computes.</summary>
    public static nint Computing(int rank) => 0x7000 + rank;

    /// <summary>Says that a rank has failed.</summary>
    public void Break() => broken.Cancel();

    /// <summary>What a rank joins with.</summary>
    /// <param name="gpu">Its GPU.</param>
    public NcclMachine Machine(int gpu)
    {
        fake.Set("devices", 8);
        return NcclMachine.Find(new CudaMachine(fake.Surroundings()), gpu);
    }

    /// <summary>Joins.</summary>
    public NcclCollectives Join(int rank, int? gpu = null)
    {
        fake.SetStream(Computing(rank));
        var peers = new NcclPeers(() => Failure, broken.Token) { Grace = Patience, Parting = Patience };
        return new NcclCollectives(rank, world, CPU, Machine(gpu ?? rank), Exchange, peers);
    }

    /// <summary>Runs all ranks to their end.</summary>
    /// <param name="rank">What each does once it has joined.</param>
    /// <returns>What was thrown, by rank.</returns>
    public Exception?[] Run(Action<NcclCollectives> rank)
    {
        var thrown = new Exception?[world];
        var threads = Enumerable
            .Range(0, world)
            .Select(number => new Thread(() =>
            {
                try
                {
                    using var collectives = Join(number);
                    rank(collectives);
                }
                catch (Exception exception)
                {
                    thrown[number] = exception;
                }
            }))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return thrown;
    }

    /// <inheritdoc cref="Run"/>
    public void RunWell(Action<NcclCollectives> rank) => Assert.All(Run(rank), Assert.Null);

    public void Dispose() => broken.Dispose();

    private byte[] Exchange(byte[]? mine)
    {
        if (mine is not null)
            id.SetResult(mine);
        return id.Task.GetAwaiter().GetResult();
    }
}
