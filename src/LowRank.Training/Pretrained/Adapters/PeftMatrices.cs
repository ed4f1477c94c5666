using LowRank.Kernels;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Training.Pretrained.Adapters;

/// <summary>The one pair of matrices that a module's adapters here amount to.</summary>
/// <param name="module">The module.</param>
/// <param name="parts">
/// Its adapters: each with the first of the module's outputs that it adds to, and the outputs of its own that do.
/// </param>
internal sealed class PeftMatrices(PeftModule module, IReadOnlyList<PeftMatrices.Part> parts)
{
    /// <summary>An adapter here, as far as it is one of the module's.</summary>
    /// <param name="Adapter">The adapter.</param>
    /// <param name="From">The first of its outputs that the module has.</param>
    /// <param name="Count">How many it has.</param>
    /// <param name="To">The first of the module's outputs.</param>
    internal sealed record Part(LoraAdapter Adapter, long From, long Count, long To);

    /// <summary>The module.</summary>
    public PeftModule Module => module;

    /// <summary>r: that of one adapter, or the sum over several that share no A.</summary>
    public int Rank => SharesA ? First.Rank : parts.Sum(part => part.Adapter.Part.Rank);

    /// <summary>Whether α is divided by √r.</summary>
    public bool IsRankStabilized => SharesA && First.RankStabilized;

    /// <summary>The largest dropout of its adapters.</summary>
    public double Dropout => parts.Max(part => part.Adapter.Part.Dropout);

    private LoraPart First => parts[0].Adapter.Part;

    private bool SharesA { get; } = SameA(parts);

    /// <summary>α, to be divided by √r or by r.</summary>
    /// <param name="rankStabilized">Whether by √r.</param>
    public double Alpha(bool rankStabilized)
    {
        if (SharesA && First.RankStabilized == rankStabilized)
            return First.Alpha;
        return First.Scale * (rankStabilized ? Math.Sqrt(Rank) : Rank);
    }

    /// <summary>A: <c>[rank, inputs]</c>. The caller disposes it.</summary>
    public Tensor A()
    {
        using var noGradient = no_grad();
        if (SharesA)
            return parts[0].Adapter.A.detach();
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(cat([.. parts.Select(part => part.Adapter.A.detach())], 0));
    }

    /// <summary>B: <c>[outputs, rank]</c>, 0 where an adapter adds nothing. The caller disposes it.</summary>
    public Tensor B()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var whole = zeros([module.Outputs, Rank], parts[0].Adapter.B.dtype, parts[0].Adapter.B.device);
        long column = 0;
        foreach (var part in parts)
        {
            var adapter = part.Adapter;
            var rows = adapter.B.narrow(0, part.From, part.Count);
            // One α/r holds for all of them.
            var scaled = SharesA || adapter.Scale == First.Scale ? rows : rows.to(ScalarType.Float64).Times(adapter.Scale / First.Scale);
            var width = adapter.Part.Rank;
            whole.narrow(0, part.To, part.Count).narrow(1, SharesA ? 0 : column, width).copy_(scaled);
            column += width;
        }

        return scope.MoveToOuter(module.Order is { } order ? order.Value.ToFile(whole) : whole);
    }

    // One adapter of several of our layers, as it was read, or one alone.
    private static bool SameA(IReadOnlyList<Part> parts)
    {
        var first = parts[0].Adapter;
        foreach (var part in parts.Skip(1))
        {
            if (part.Adapter.Scale != first.Scale || part.Adapter.A.shape[0] != first.A.shape[0])
                return false;
            using var same = equal(part.Adapter.A, first.A);
            using var all = same.all();
            if (!all.item<bool>())
                return false;
        }

        return true;
    }
}
