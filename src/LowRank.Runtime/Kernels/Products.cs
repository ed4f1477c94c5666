using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using LowRank.Dispatch;
using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>
/// Products of 16-bit matrices that are added up in 32 bits, without a result in 16 bits between them: what a device's library can do is
/// asked once.
/// </summary>
internal static class Products
{
    internal static readonly TorchOperator Wide = new(
        "mm.dtype_out(Tensor self, Tensor mat2, ScalarType out_dtype, *, Tensor(a!) out) -> Tensor(a!)"
    );

    // The best first.
    private static readonly Action<Tensor, Tensor, Tensor>[] Ways = [AccumulatingProduct.Add, AddWide];

    private static readonly ConcurrentDictionary<string, Action<Tensor, Tensor, Tensor>?> Chosen = new(StringComparer.Ordinal);

    /// <summary>Adds <c>leftᵀ·right</c>, where the library forms it in 32 bits.</summary>
    /// <param name="sum"><c>[m, n]</c>, of 32-bit floats.</param>
    /// <param name="left"><c>[rows, m]</c>, of bfloat16.</param>
    /// <param name="right"><c>[rows, n]</c>, of bfloat16.</param>
    /// <returns>Whether it was added; if not, nothing was changed.</returns>
    public static bool AddTransposed(Tensor sum, Tensor left, Tensor right)
    {
        if (sum.dtype != ScalarType.Float32 || left.dtype != ScalarType.BFloat16 || For(left.device) is not { } add)
            return false;
        using var noGradient = no_grad();
        using var transposed = left.t();
        add(sum, transposed, right);
        return true;
    }

    /// <summary>Adds a product to a sum, in two passes: for libraries that can't do it in one.</summary>
    /// <param name="sum"><c>[m, n]</c>, of 32-bit floats.</param>
    /// <param name="left"><c>[m, k]</c>, of bfloat16.</param>
    /// <param name="right"><c>[k, n]</c>, of bfloat16.</param>
    internal static void AddWide(Tensor sum, Tensor left, Tensor right)
    {
        using var product = empty_like(sum, requires_grad: false);
        using (Wide.Call(left, right, ScalarType.Float32, product)) { }
        sum.AddInPlace(product);
    }

    /// <summary>Whether a way is right on a device.</summary>
    internal static bool IsRight(Action<Tensor, Tensor, Tensor> add, Device device)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var steps = ones(128, ScalarType.Float32, device);
        var numbers = steps.cumsum(0);
        var (wide, high) = (numbers.view(8, 16), numbers.view(16, 8));
        var (left, right) = (wide.to(ScalarType.BFloat16), high.to(ScalarType.BFloat16));
        var sum = ones(8, 8, ScalarType.Float32, device);
        try
        {
            add(sum, left, right);
        }
        catch (Exception exception) when (exception is TorchOperatorException or ExternalException)
        {
            return false;
        }

        // Whole numbers: exact in 32 bits, rounded in 16.
        var exact = ones(8, 8, ScalarType.Float32, device);
        exact.addmm_(wide, high, 1, 1);
        var error = exact.sub_(sum);
        var largest = error.abs_().max();
        return largest.item<float>() == 0;
    }

    private static Action<Tensor, Tensor, Tensor>? For(Device device) =>
        device.type == TorchSharp.DeviceType.CUDA
            ? Chosen.GetOrAdd(device.ToString(), (_, where) => Array.Find(Ways, way => IsRight(way, where)), device)
            : null;
}
