using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>The gradients of queries, keys and values, each <c>[batch, sequence, its heads, its size]</c>.</summary>
internal sealed class HeadGradients : IDisposable
{
    /// <summary>Gradients in three tensors, which belong to the object from now on.</summary>
    public HeadGradients(Tensor queries, Tensor keys, Tensor values) => (Queries, Keys, Values) = (queries, keys, values);

    /// <summary>Gradient of the queries.</summary>
    public Tensor Queries { get; }

    /// <summary>Gradient of the keys.</summary>
    public Tensor Keys { get; }

    /// <summary>Gradient of the values.</summary>
    public Tensor Values { get; }

    /// <summary>
    /// All of them side by side, <c>[batch, sequence, heads + 2·keyValueHeads, headSize]</c>; null where they stand apart.
    /// </summary>
    private Tensor? Joined { get; init; }

    /// <summary>Room for gradients.</summary>
    /// <param name="queries"><c>[batch, heads, sequence, headSize]</c>.</param>
    /// <param name="keys"><c>[batch, keyValueHeads, sequence, headSize]</c>.</param>
    /// <param name="values"><c>[batch, keyValueHeads, sequence, valueSize]</c>.</param>
    /// <param name="isJoined">Whether they stand side by side in one tensor, which takes values of the keys' size.</param>
    public static HeadGradients Empty(Tensor queries, Tensor keys, Tensor values, bool isJoined)
    {
        if (!isJoined)
            return new(Apart(queries), Apart(keys), Apart(values));
        var (heads, shared) = (queries.shape[1], keys.shape[1]);
        var joined = ActivationMemory.Empty(
            [queries.shape[0], queries.shape[2], heads + 2 * shared, queries.shape[3]],
            queries.dtype,
            queries.device
        );
        return new(joined.narrow(2, 0, heads), joined.narrow(2, heads, shared), joined.narrow(2, heads + shared, shared))
        {
            Joined = joined,
        };
    }

    /// <summary>All of them side by side, in one tensor, which the caller disposes. The object is used up.</summary>
    public Tensor Join()
    {
        using (this)
        {
            if (Joined is not null)
                return Joined.alias();
            using var joined = cat([Queries, Keys, Values], 2);
            return joined.contiguous(); // cat keeps a layout that all three share.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Queries.Dispose();
        Keys.Dispose();
        Values.Dispose();
        Joined?.Dispose();
    }

    private static Tensor Apart(Tensor heads) =>
        ActivationMemory.Empty([heads.shape[0], heads.shape[2], heads.shape[1], heads.shape[3]], heads.dtype, heads.device);
}
