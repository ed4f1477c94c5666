using static TorchSharp.torch;

namespace LowRank.Training.Distributed;

/// <summary>
/// The collective operations of the processes that train one model together, its ranks. Operations are queued and run in the order of the
/// calls, beside what the caller computes meanwhile; every rank asks for the same ones in the same order. Until <see cref="Wait"/> has
/// returned, the tensors must neither be written nor freed. What was computed on the current stream before a call is seen by it. All
/// tensors are contiguous, on <see cref="Device"/>, and float32, float64, int64 or uint8. One thread at a time.
/// </summary>
internal interface ICollectives : IDisposable
{
    /// <summary>This process, from 0.</summary>
    int Rank { get; }

    /// <summary>Number of processes.</summary>
    int World { get; }

    /// <summary>Where the tensors are.</summary>
    Device Device { get; }

    /// <summary>What carries them out, with its version, such as <c>Open MPI 4.1.4</c>.</summary>
    string Engine { get; }

    /// <summary>
    /// Whether operations take nothing from what is computed meanwhile. On CPUs they need a core: where the computing threads have them
    /// all, both would take turns.
    /// </summary>
    bool RunsBeside { get; }

    /// <summary>What was moved and waited for so far.</summary>
    CollectiveTimes Times { get; }

    /// <summary>Sums each tensor over the ranks, in place; all ranks get the same bits.</summary>
    void AllReduce(IReadOnlyList<Tensor> tensors);

    /// <summary>
    /// Sums each part over the ranks, in place, at the rank that owns it; elsewhere its content is undefined afterwards. A reduce-scatter
    /// whose parts may be of any size.
    /// </summary>
    void ReduceScatter(IReadOnlyList<OwnedPart> parts);

    /// <summary>Copies each part from the rank that owns it to all. An all-gather whose parts may be of any size.</summary>
    void AllGather(IReadOnlyList<OwnedPart> parts);

    /// <summary>Copies tensors from one rank to all.</summary>
    void Broadcast(IReadOnlyList<Tensor> tensors, int root);

    /// <summary>
    /// Waits until everything that was asked for is done, as far as the current stream is concerned: on CUDA the host doesn't wait.
    /// </summary>
    /// <exception cref="RankFailedException">Another rank has failed or died.</exception>
    void Wait();
}
