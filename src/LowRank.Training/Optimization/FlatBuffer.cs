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
    private readonly List<(FlatSlice Slice, string Name, long[] Shape, Tensor? Tensor)> single = [];
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

        Slices = OwnSlices = slices;
        Length = offset;
        Cuts = [0, Length];
        var (dtype, device) = (parameters[0].Parameter.dtype, parameters[0].Parameter.device);
        Values = zeros(Length, dtype, device).DetachFromDisposeScope();
        Gradients = zeros(Length, dtype, device).DetachFromDisposeScope();
        (OwnValues, OwnGradients) = (Values, Gradients);

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
    /// Where the range of each rank begins that updates a part of the buffer, and where the last one ends; one range where every process
    /// updates everything.
    /// </summary>
    internal IReadOnlyList<long> Cuts { get; private set; }

    /// <summary>Whether this process updates all of it.</summary>
    internal bool IsWhole => OwnLength == Length;

    /// <summary>Number of elements that this process updates, and keeps an optimizer's state for.</summary>
    internal long OwnLength => OwnValues.NumberOfElements;

    /// <summary>The values that this process updates: <c>[OwnLength]</c>.</summary>
    internal Tensor OwnValues { get; private set; }

    /// <summary>Their gradients: <c>[OwnLength]</c>.</summary>
    internal Tensor OwnGradients { get; private set; }

    /// <summary>The parameters that lie wholly in what this process updates, at their places there.</summary>
    internal IReadOnlyList<FlatSlice> OwnSlices { get; private set; }

    /// <summary>First element that this process updates.</summary>
    internal long OwnStart { get; private set; }

    /// <summary>Which of the ranges this process updates.</summary>
    internal int OwnRank { get; private set; }

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

    /// <summary>
    /// Whether the rule of the coming update sums what it needs of the gradients over the ranks by itself; null where none does.
    /// </summary>
    internal Func<bool>? ReducedByRule { get; set; }

    /// <summary>Whether the buffer was freed.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>Bytes of what optimizers keep here.</summary>
    public long StateBytes => alike.Select(state => state.Tensor).Concat(single.Select(state => state.Tensor).OfType<Tensor>()).Sum(Bytes);

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

    /// <summary>Leaves all but one range to other ranks, before any state is allocated.</summary>
    /// <param name="cuts">Where the range of each rank begins, and where the last one ends.</param>
    /// <param name="rank">This process.</param>
    internal void Share(IReadOnlyList<long> cuts, int rank)
    {
        if (alike.Count + single.Count > 0)
            throw new InvalidOperationException("A buffer is shared before an optimizer keeps anything about it.");
        (Cuts, OwnRank, OwnStart) = (cuts, rank, cuts[rank]);
        var end = cuts[rank + 1];
        OwnValues = Values.narrow(0, OwnStart, end - OwnStart).DetachFromDisposeScope();
        OwnGradients = Gradients.narrow(0, OwnStart, end - OwnStart).DetachFromDisposeScope();
        OwnSlices =
        [
            .. Slices
                .Where(slice => slice.Offset >= OwnStart && slice.Offset + slice.Count <= end)
                .Select(slice => slice with { Offset = slice.Offset - OwnStart }),
        ];
    }

    /// <summary>The rank that updates an element.</summary>
    internal int OwnerOf(long element) => Cuts.Count == 2 ? 0 : Enumerable.Range(0, Cuts.Count - 1).First(rank => element < Cuts[rank + 1]);

    /// <summary>Allocates state with one number for each element that this process updates.</summary>
    /// <param name="name">What it is; a checkpoint keeps it under <c>PARAMETER.name</c>.</param>
    /// <returns>Zeros: <c>[Length]</c>, fewer where other ranks update a part of the buffer; freed with it.</returns>
    public Tensor Allocate(string name)
    {
        var tensor = zeros_like(OwnValues, requires_grad: false).DetachFromDisposeScope();
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
        single.Add((slice, name, shape, tensor));
        return tensor;
    }

    /// <summary>
    /// As <see cref="Allocate(FlatSlice, string, long[])"/>, where this process updates the parameter; else the state is another's.
    /// </summary>
    /// <returns>The state, or null.</returns>
    internal Tensor? AllocateOwn(FlatSlice slice, string name, params long[] shape)
    {
        if (Owns(slice))
            return Allocate(slice, name, shape);
        single.Add((slice, name, shape, null));
        return null;
    }

    /// <summary>Whether this process updates a parameter, all of it.</summary>
    internal bool Owns(FlatSlice slice) => OwnSlices.Any(own => ReferenceEquals(own.Parameter, slice.Parameter));

    /// <summary>The place of such a parameter in what this process updates.</summary>
    internal FlatSlice OwnSlice(FlatSlice slice) => OwnSlices.First(own => ReferenceEquals(own.Parameter, slice.Parameter));

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

    /// <summary>All state under the names that checkpoints use, in their order; what other ranks keep is among it.</summary>
    internal IReadOnlyList<FlatState> State()
    {
        var states = new List<FlatState>();
        foreach (var slice in Slices)
        {
            foreach (var (name, tensor) in alike)
                states.Add(FlatState.OfElements($"{slice.Name}.{name}", this, slice, tensor));
        }

        foreach (var (slice, name, shape, tensor) in single)
            states.Add(FlatState.OfParameter($"{slice.Name}.{name}", this, slice, shape, tensor));
        return states;
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
        OwnValues.Dispose();
        OwnGradients.Dispose();
        Values.Dispose();
        Gradients.Dispose();
        foreach (var (_, tensor) in alike)
            tensor.Dispose();
        foreach (var state in single)
            state.Tensor?.Dispose();
    }

    private static long Bytes(Tensor tensor) => tensor.NumberOfElements * tensor.ElementSize;
}
