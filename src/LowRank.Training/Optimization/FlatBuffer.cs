using LowRank.Costs;
using LowRank.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// Parameters of one kind that live one behind the other in one piece of memory, with gradients laid out alike: the optimizer walks over
/// memory once instead of over tensors. The parameters and their gradients become views of it. What an optimizer keeps from step to step
/// is allocated here when it asks, so that it is saved and freed with the parameters.
/// </summary>
public sealed class FlatBuffer : IDisposable
{
    private readonly List<(string Name, Tensor Tensor)> alike = [];
    private readonly List<(string Name, Tensor Tensor)> single = [];
    private readonly List<Tensor> copies = [];

    /// <summary>Moves parameters into one buffer. Their values stay; their gradients become zero.</summary>
    /// <param name="kind">What they are.</param>
    /// <param name="parameters">Dotted name and parameter; all of one type, on one device.</param>
    internal FlatBuffer(ParameterKind kind, IReadOnlyList<(string Name, Parameter Parameter)> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Kind = kind;
        var slices = new List<FlatSlice>();
        long offset = 0;
        foreach (var (name, parameter) in parameters)
        {
            slices.Add(new FlatSlice(name, parameter, offset, parameter.NumberOfElements));
            offset = (offset + parameter.NumberOfElements + FlatLayout.Alignment - 1) / FlatLayout.Alignment * FlatLayout.Alignment;
        }

        Slices = slices;
        Length = offset;
        var (dtype, device) = (parameters[0].Parameter.dtype, parameters[0].Parameter.device);
        Values = zeros(Length, dtype, device).DetachFromDisposeScope();
        Gradients = zeros(Length, dtype, device).DetachFromDisposeScope();

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

    /// <summary>What the parameters are.</summary>
    public ParameterKind Kind { get; }

    /// <summary>The parameters, in the order of their places.</summary>
    public IReadOnlyList<FlatSlice> Slices { get; }

    /// <summary>Number of elements, padding between the parameters included.</summary>
    public long Length { get; }

    /// <summary>The values: <c>[Length]</c>.</summary>
    public Tensor Values { get; }

    /// <summary>The gradients: <c>[Length]</c>.</summary>
    public Tensor Gradients { get; }

    /// <summary>
    /// The values once more in the type of the products, <c>[Length]</c>; null where nobody has asked for it. Whoever changes the values
    /// brings it up to date: a rule in its pass, which sets <see cref="IsCopied"/>, or <see cref="Refresh"/>.
    /// </summary>
    internal Tensor? Copy { get; private set; }

    /// <summary>Whether the rule of the current step has written <see cref="Copy"/>.</summary>
    internal bool IsCopied { get; set; }

    /// <summary>Updates so far; the bias correction of the moments depends on it.</summary>
    public long Updates { get; internal set; }

    /// <summary>
    /// Whether the parameters took part in the current step. Those that didn't are left alone: no decay, no moment update.
    /// </summary>
    public bool IsActive { get; internal set; } = true;

    /// <summary>Whether the buffer was freed.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>Bytes of what optimizers keep here.</summary>
    public long StateBytes => alike.Concat(single).Sum(state => state.Tensor.NumberOfElements * state.Tensor.ElementSize);

    /// <summary>
    /// A view of one parameter's place in a tensor that is laid out like the buffer, in the parameter's shape. The caller disposes it.
    /// </summary>
    /// <param name="tensor"><c>[Length]</c>.</param>
    /// <param name="slice">The parameter.</param>
    public static Tensor View(Tensor tensor, FlatSlice slice)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(slice);
        using var flat = tensor.narrow(0, slice.Offset, slice.Count);
        return flat.view(slice.Parameter.shape);
    }

    /// <summary>Keeps the values in another type, too, which the layers' products read from now on.</summary>
    /// <param name="type">The type of the products.</param>
    internal void KeepCopy(ScalarType type)
    {
        Copy = empty(Length, type, Values.device).DetachFromDisposeScope();
        Refresh();
        foreach (var slice in Slices)
        {
            var copy = View(Copy, slice).DetachFromDisposeScope();
            copies.Add(copy);
            WeightCopies.Set(slice.Parameter, copy);
        }
    }

    /// <summary>Brings the copy up to date with the values, where there is one.</summary>
    internal void Refresh()
    {
        using var noGradient = no_grad();
        Copy?.copy_(Values);
    }

    /// <summary>Allocates state with one number for each of the parameters' elements.</summary>
    /// <param name="name">What it is; a checkpoint keeps it under <c>PARAMETER.name</c>.</param>
    /// <returns>Zeros <c>[Length]</c>, freed with the buffer.</returns>
    public Tensor Allocate(string name)
    {
        var tensor = zeros_like(Values, requires_grad: false).DetachFromDisposeScope();
        alike.Add((name, tensor));
        return tensor;
    }

    /// <summary>Allocates state of another shape for one parameter.</summary>
    /// <param name="slice">The parameter.</param>
    /// <param name="name">What it is; a checkpoint keeps it under <c>PARAMETER.name</c>.</param>
    /// <param name="shape">Its shape.</param>
    /// <returns>Zeros of the parameter's type, on its device, freed with the buffer.</returns>
    public Tensor Allocate(FlatSlice slice, string name, params long[] shape)
    {
        ArgumentNullException.ThrowIfNull(slice);
        var tensor = zeros(shape, Values.dtype, Values.device).DetachFromDisposeScope();
        single.Add(($"{slice.Name}.{name}", tensor));
        return tensor;
    }

    /// <summary>
    /// Forgets what was gathered about parameters that have been rewritten, and copies them anew: state for each element becomes zero, and
    /// so does the count of updates, since the bias correction belongs to moments that begin at zero.
    /// </summary>
    internal void Restart()
    {
        using var noGradient = no_grad();
        foreach (var (_, tensor) in alike)
            tensor.zero_();
        Updates = 0;
        Refresh();
    }

    /// <summary>All state under the names that checkpoints use: views and aliases that the caller disposes.</summary>
    internal IReadOnlyList<(string Name, Tensor Tensor)> State()
    {
        var tensors = new List<(string, Tensor)>();
        foreach (var slice in Slices)
        {
            foreach (var (name, tensor) in alike)
                tensors.Add(($"{slice.Name}.{name}", View(tensor, slice)));
        }

        foreach (var (name, tensor) in single)
            tensors.Add((name, tensor.alias()));
        return tensors;
    }

    /// <summary>Frees values, gradients and state.</summary>
    public void Dispose()
    {
        if (IsReleased)
            return;
        IsReleased = true;
        foreach (var slice in Copy is null ? [] : Slices)
            WeightCopies.Remove(slice.Parameter);
        foreach (var copy in copies)
            copy.Dispose();
        Copy?.Dispose();
        Values.Dispose();
        Gradients.Dispose();
        foreach (var (_, tensor) in alike.Concat(single))
            tensor.Dispose();
    }
}
