using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>UV while somebody decodes through it: no parameter, and nothing that is saved.</summary>
/// <param name="layer">The layer.</param>
internal sealed class MergedFactors(LowRankLinear layer) : IDisposable
{
    private int users;

    /// <summary>UV: <c>[outputs, inputs]</c>, or null while nobody uses it.</summary>
    public Tensor? Product { get; private set; }

    /// <summary>Forms UV for one more user.</summary>
    public void Add()
    {
        if (users++ > 0)
            return;
        using var noGradient = no_grad();
        using var u = layer.FoldedU();
        Product = u.mm(layer.V).DetachFromDisposeScope();
    }

    /// <summary>Frees UV with its last user.</summary>
    public void Remove()
    {
        if (--users > 0)
            return;
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Product?.Dispose();
        Product = null;
    }
}
