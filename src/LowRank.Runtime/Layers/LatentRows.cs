using System.ComponentModel;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// What latent attention remembers of the tokens in sight: of each its latent vector and the rotated key that all heads share.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class LatentRows : IDisposable
{
    private readonly Tensor? sharedKeys;

    internal LatentRows(Tensor latents, Tensor? sharedKeys, long earlier, Tensor? cached)
    {
        this.sharedKeys = sharedKeys;
        (Latents, Earlier, Cached) = (latents, earlier, cached);
    }

    /// <summary>The latent vectors, <c>[batch, tokens, keyValueRank]</c>.</summary>
    public Tensor Latents { get; }

    /// <summary>The rotated keys, <c>[batch, tokens, 1, rotarySize]</c>.</summary>
    /// <exception cref="InvalidOperationException">Nothing is rotated.</exception>
    public Tensor SharedKeys => sharedKeys ?? throw new InvalidOperationException("This attention rotates nothing.");

    /// <summary>Number of tokens.</summary>
    public long Tokens => Latents.shape[1];

    /// <summary>How many of them stand before the new ones.</summary>
    public long Earlier { get; }

    /// <summary>Both side by side as a cache holds them, <c>[batch, tokens, keyValueRank + rotarySize]</c>; null without a cache.</summary>
    internal Tensor? Cached { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Latents.Dispose();
        sharedKeys?.Dispose();
        Cached?.Dispose();
    }
}
