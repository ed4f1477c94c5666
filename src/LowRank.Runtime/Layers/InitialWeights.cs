using System.ComponentModel;
using System.IO.Hashing;
using System.Text;
using LowRank.Reparameterization;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// Draws the initial weights of a model as Wei et al. (2024) do: every full-size weight from N(0, 0.02²), biases 0, gains 1, factors by
/// the spectral initialization of such a draw unless their declaration says another, a guide at the factors' product. Each draw is keyed by
/// seed and dotted name, so that a dense layer and its factored sister start from the same full-size weight.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class InitialWeights
{
    /// <summary>Standard deviation of a full-size draw.</summary>
    internal const double StandardDeviation = 0.02;

    /// <summary>Draws the weights of every layer of the model, or of a layer by itself.</summary>
    /// <param name="model">The model.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="InvalidOperationException">Factors are declared to come from elsewhere.</exception>
    public static void Draw(nn.Module model, long seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var noGradient = no_grad();
        // A layer by itself is not among its own modules.
        foreach (
            var (name, module) in model
                .named_modules()
                .Prepend((name: "", module: model))
                .DistinctBy(named => named.module, ReferenceEqualityComparer.Instance)
        )
        {
            switch (module)
            {
                case Linear linear:
                    Normal(linear.Weight, seed, name);
                    break;
                case Router router:
                    Normal(router.Weight, seed, name);
                    break;
                case Embedding embedding:
                    Normal(embedding.Weight, seed, name);
                    break;
                case LowRankLinear factored:
                    Factors(factored, seed, name);
                    break;
                case LoraLinear adapted:
                    Normal(adapted.Weight, seed, name);
                    break;
                case LoraAdapter adapter:
                    Kaiming(adapter, seed, name);
                    break;
            }
        }
    }

    /// <summary>Draws the adapters of the model: A uniform as by Kaiming with a = √5, which is within 1/√inputs, and B zero.</summary>
    /// <param name="model">The model.</param>
    /// <param name="seed">The seed.</param>
    internal static void DrawAdapters(nn.Module model, long seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        foreach (var (name, module) in model.named_modules())
        {
            if (module is LoraAdapter adapter)
                Kaiming(adapter, seed, name);
        }
    }

    /// <summary>Draws one adapter, under its dotted name in the model, or the name it has by itself.</summary>
    internal static void Kaiming(LoraAdapter adapter, long seed, string name)
    {
        // Models without memory for their parameters are built to be counted.
        if (adapter.A.device_type == TorchSharp.DeviceType.META)
            return;
        using var noGradient = no_grad();
        using var generator = new Generator((ulong)Key(seed, name));
        var bound = 1 / Math.Sqrt(adapter.A.shape[1]);
        using var draw = empty(adapter.A.shape, ScalarType.Float32);
        draw.uniform_(-bound, bound, generator);
        adapter.A.copy_(draw);
        adapter.B.zero_();
    }

    private static void Normal(Tensor weight, long seed, string name)
    {
        using var draw = FullSize(weight.shape, seed, name);
        weight.copy_(draw);
    }

    private static void Factors(LowRankLinear layer, long seed, string name)
    {
        var (u, v) = layer.Factors.Initialization switch
        {
            LowRank.Initialization.Spectral => Spectral(layer, seed, name),
            LowRank.Initialization.Orthogonal => Orthogonal(layer, seed, name),
            LowRank.Initialization.Gaussian => Gaussian(layer, seed, name),
            LowRank.Initialization.Pretrained => throw new InvalidOperationException(
                $"The factors of '{name}' are declared with Initialization.Pretrained and are not drawn: build the model with Initialize = false and load them."
            ),
            var other => throw new InvalidOperationException($"There is no initialization {other}."),
        };
        using (u)
        using (v)
        {
            layer.U.copy_(u);
            layer.V.copy_(v);
        }

        if (layer.Guide is null)
            return;
        // The product rather than the draw itself: at step 0 the layer then computes the same function for every α.
        using var folded = layer.FoldedU();
        using var product = folded.mm(layer.V);
        layer.Guide.copy_(product);
    }

    private static (Tensor U, Tensor V) Spectral(LowRankLinear layer, long seed, string name)
    {
        using var draw = FullSize([layer.Outputs, layer.Inputs], seed, name);
        return SpectralInitialization.Factor(draw, layer.Rank);
    }

    // g·Q on both sides: ‖UV‖² = g⁴r is that of a full-size draw, 0.02²·m·n.
    private static (Tensor U, Tensor V) Orthogonal(LowRankLinear layer, long seed, string name)
    {
        using Scalar gain = Math.Sqrt(StandardDeviation * Math.Sqrt((double)layer.Outputs * layer.Inputs / layer.Rank));
        using var scope = NewDisposeScope();
        var u = Basis(layer.Outputs, name + ".u").mul(gain);
        var v = Basis(layer.Inputs, name + ".v").mul(gain).t().contiguous();
        return (u.MoveToOuterDisposeScope(), v.MoveToOuterDisposeScope());

        // The signs of R's diagonal make the basis uniform over all of them.
        Tensor Basis(long size, string key)
        {
            using var draw = FullSize([size, layer.Rank], seed, key);
            using var full = draw.to(ScalarType.Float64);
            var (basis, triangle) = linalg.qr(full);
            using (basis)
            using (triangle)
            using (var diagonal = triangle.diagonal(0, 0, 1))
            using (var signs = diagonal.sign())
                return basis * signs;
        }
    }

    // Both factors N(0, s/√r), so that an element of UV, a sum of r products, is N(0, s²)-like; s² = 1/(m+n).
    private static (Tensor U, Tensor V) Gaussian(LowRankLinear layer, long seed, string name)
    {
        var deviation = Math.Sqrt(1 / Math.Sqrt((double)layer.Outputs + layer.Inputs) / Math.Sqrt(layer.Rank));
        var u = FullSize([layer.Outputs, layer.Rank], seed, name + ".u");
        var v = FullSize([layer.Rank, layer.Inputs], seed, name + ".v");
        using Scalar scale = deviation / StandardDeviation;
        return (u.mul_(scale), v.mul_(scale));
    }

    // Drawn on the CPU in single precision whatever the model's device and type, so that all of them start alike.
    private static Tensor FullSize(long[] shape, long seed, string name)
    {
        using var generator = new Generator((ulong)Key(seed, name));
        var draw = empty(shape, ScalarType.Float32);
        return draw.normal_(0, StandardDeviation, generator);
    }

    private static long Key(long seed, string name) => (long)(XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(name), seed) >> 1);
}
