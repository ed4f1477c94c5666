using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// Parameters that live one behind the other in one piece of memory, with gradients and the two moments of Adam laid out alike: the
/// optimiser walks over memory once instead of over tensors. The parameters and their gradients become views of it.
/// </summary>
public sealed class FlatBuffer : IDisposable
{
    // Sixteen floats are one cache line and one 512-bit vector; products start on such a boundary too.
    private const long Alignment = 16;

    /// <summary>Moves parameters into one buffer. Their values stay; their gradients become zero.</summary>
    /// <param name="parameters">Dotted name and parameter; all of one type, on one device.</param>
    public FlatBuffer(IReadOnlyList<(string Name, Parameter Parameter)> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var slices = new List<FlatSlice>();
        long offset = 0;
        foreach (var (name, parameter) in parameters)
        {
            slices.Add(new FlatSlice(name, parameter, offset, parameter.NumberOfElements));
            offset = (offset + parameter.NumberOfElements + Alignment - 1) / Alignment * Alignment;
        }

        Slices = slices;
        Length = offset;
        var (dtype, device) = (parameters[0].Parameter.dtype, parameters[0].Parameter.device);
        Values = zeros(Length, dtype, device).DetachFromDisposeScope();
        Gradients = zeros(Length, dtype, device).DetachFromDisposeScope();
        FirstMoments = zeros(Length, dtype, device).DetachFromDisposeScope();
        SecondMoments = zeros(Length, dtype, device).DetachFromDisposeScope();

        using var noGradient = no_grad();
        foreach (var slice in slices)
        {
            using var values = View(Values, slice);
            values.copy_(slice.Parameter);
            slice.Parameter.set_(values);
            using var gradients = View(Gradients, slice);
            slice.Parameter.grad = gradients;
        }
    }

    /// <summary>The parameters, in the order of their places.</summary>
    public IReadOnlyList<FlatSlice> Slices { get; }

    /// <summary>Number of elements, padding between the parameters included.</summary>
    public long Length { get; }

    /// <summary>The values: <c>[Length]</c>.</summary>
    public Tensor Values { get; }

    /// <summary>The gradients: <c>[Length]</c>.</summary>
    public Tensor Gradients { get; }

    /// <summary>Adam's running mean of the gradients: <c>[Length]</c>.</summary>
    public Tensor FirstMoments { get; }

    /// <summary>Adam's running mean of the squared gradients: <c>[Length]</c>.</summary>
    public Tensor SecondMoments { get; }

    /// <summary>Updates so far; the bias correction of the moments depends on it.</summary>
    public long Updates { get; set; }

    /// <summary>Whether the parameters took part in the current step. Those that didn't are left alone: no decay, no moment update.</summary>
    public bool IsActive { get; set; } = true;

    /// <summary>Whether the buffer was freed.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>A view of one parameter's place in one of the four tensors, in the parameter's shape. The caller disposes it.</summary>
    /// <param name="tensor">One of the four tensors.</param>
    /// <param name="slice">The parameter.</param>
    public static Tensor View(Tensor tensor, FlatSlice slice)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(slice);
        using var flat = tensor.narrow(0, slice.Offset, slice.Count);
        return flat.view(slice.Parameter.shape);
    }

    /// <summary>Frees all four tensors.</summary>
    public void Dispose()
    {
        if (IsReleased)
            return;
        IsReleased = true;
        Values.Dispose();
        Gradients.Dispose();
        FirstMoments.Dispose();
        SecondMoments.Dispose();
    }
}
