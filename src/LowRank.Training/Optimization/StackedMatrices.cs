using LowRank.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// Matrices that read one input, first factors or full-size weights, one under the other in a flat buffer: one product reads them as one
/// matrix, and the gradient of that matrix is added to theirs, without a copy of either.
/// </summary>
internal sealed class StackedMatrices : IDisposable
{
    private readonly LinearStack stack;
    private readonly FlatBuffer buffer;
    private readonly long offset;
    private Tensor? copy;

    private StackedMatrices(LinearStack stack, FlatBuffer buffer, long offset) =>
        (this.stack, this.buffer, this.offset) = (stack, buffer, offset);

    /// <summary>Moves the matrices of each stack behind the first of them; everything else stays in its order.</summary>
    /// <param name="parameters">Dotted name and parameter, as they come to lie.</param>
    /// <param name="stacks">The stacks.</param>
    public static IReadOnlyList<(string Name, Parameter Parameter)> Together(
        IReadOnlyList<(string Name, Parameter Parameter)> parameters,
        IEnumerable<LinearStack> stacks
    )
    {
        var names = parameters.ToDictionary(entry => entry.Parameter, entry => entry.Name, ByReference);
        var followers = new Dictionary<Parameter, List<Parameter>>(ByReference);
        foreach (var matrices in stacks.Select(stack => stack.Matrices.ToList()))
        {
            if (matrices.TrueForAll(names.ContainsKey))
                followers.Add(matrices[0], matrices[1..]);
        }

        var moved = followers.Values.SelectMany(list => list).ToHashSet(ByReference);
        return
        [
            .. parameters
                .Where(entry => !moved.Contains(entry.Parameter))
                .SelectMany(entry => followers.GetValueOrDefault(entry.Parameter, []).Prepend(entry.Parameter))
                .Select(parameter => (names[parameter], parameter)),
        ];
    }

    /// <summary>Tells a stack where its matrices lie; null where they don't lie together.</summary>
    public static StackedMatrices? Join(LinearStack stack, IEnumerable<FlatBuffer> buffers)
    {
        // What an earlier buffer has told holds no longer.
        stack.Separate();
        foreach (var buffer in buffers)
        {
            var slices = stack
                .Matrices.Select(matrix => buffer.Slices.FirstOrDefault(slice => ReferenceEquals(slice.Parameter, matrix)))
                .ToList();
            if (slices.Exists(slice => slice is null))
                continue;
            var end = slices[0]!.Offset;
            foreach (var slice in slices)
            {
                // A buffer pads each parameter to its alignment.
                if (slice!.Offset != end)
                    return null;
                end += slice.Count;
            }

            var joined = new StackedMatrices(stack, buffer, slices[0]!.Offset);
            stack.Join(joined.View(buffer.Values), joined.View(buffer.Gradients));
            return joined;
        }

        return null;
    }

    /// <summary>Lets the product read the buffer's copy in its own type, where there is one.</summary>
    public void KeepCopy()
    {
        if (buffer.Copy is null)
            return;
        copy = View(buffer.Copy).DetachFromDisposeScope();
        WeightCopies.Set(stack.Joined!, copy);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (copy is not null && stack.Joined is { } memory)
            WeightCopies.Remove(memory);
        copy?.Dispose();
    }

    private static ReferenceComparer ByReference { get; } = new();

    private Tensor View(Tensor flat)
    {
        var (rows, inputs) = (stack.Matrices.Sum(matrix => matrix.shape[0]), stack.Matrices[0].shape[1]);
        using var place = flat.narrow(0, offset, rows * inputs);
        return place.view(rows, inputs);
    }

    private sealed class ReferenceComparer : IEqualityComparer<Parameter>
    {
        public bool Equals(Parameter? x, Parameter? y) => ReferenceEquals(x, y);

        public int GetHashCode(Parameter parameter) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(parameter);
    }
}
