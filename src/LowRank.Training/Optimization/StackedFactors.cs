using LowRank.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// First factors that read one input, one under the other in a flat buffer: their product reads them as one matrix, and the gradient of
/// that matrix is added to theirs, without a copy of either.
/// </summary>
internal sealed class StackedFactors : IDisposable
{
    private readonly FactoredStack stack;
    private readonly FlatBuffer buffer;
    private readonly long offset;
    private Tensor? copy;

    private StackedFactors(FactoredStack stack, FlatBuffer buffer, long offset) =>
        (this.stack, this.buffer, this.offset) = (stack, buffer, offset);

    /// <summary>Moves the first factors of each stack behind the first of them; everything else stays in its order.</summary>
    /// <param name="parameters">Dotted name and parameter, as they come to lie.</param>
    /// <param name="stacks">The stacks.</param>
    public static IReadOnlyList<(string Name, Parameter Parameter)> Together(
        IReadOnlyList<(string Name, Parameter Parameter)> parameters,
        IEnumerable<FactoredStack> stacks
    )
    {
        var names = parameters.ToDictionary(entry => entry.Parameter, entry => entry.Name, ByReference);
        var followers = new Dictionary<Parameter, List<Parameter>>(ByReference);
        foreach (var factors in stacks.Select(stack => stack.Parts.Select(part => part.V).ToList()))
        {
            if (factors.TrueForAll(names.ContainsKey))
                followers.Add(factors[0], factors[1..]);
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

    /// <summary>Tells a stack where its first factors lie; null where they don't lie together.</summary>
    public static StackedFactors? Join(FactoredStack stack, IEnumerable<FlatBuffer> buffers)
    {
        foreach (var buffer in buffers)
        {
            var slices = stack
                .Parts.Select(part => buffer.Slices.FirstOrDefault(slice => ReferenceEquals(slice.Parameter, part.V)))
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

            var joined = new StackedFactors(stack, buffer, slices[0]!.Offset);
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
        WeightCopies.Set(stack.FirstFactorMemory!, copy);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (copy is not null && stack.FirstFactorMemory is { } memory)
            WeightCopies.Remove(memory);
        copy?.Dispose();
    }

    private static ReferenceComparer ByReference { get; } = new();

    private Tensor View(Tensor flat)
    {
        var (ranks, inputs) = (stack.Parts.Sum(part => part.Rank), stack.Parts[0].Inputs);
        using var place = flat.narrow(0, offset, ranks * inputs);
        return place.view(ranks, inputs);
    }

    private sealed class ReferenceComparer : IEqualityComparer<Parameter>
    {
        public bool Equals(Parameter? x, Parameter? y) => ReferenceEquals(x, y);

        public int GetHashCode(Parameter parameter) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(parameter);
    }
}
