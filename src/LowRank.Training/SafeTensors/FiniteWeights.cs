using System.Globalization;
using LowRank.Training.Json;
using static TorchSharp.torch;

namespace LowRank.Training.SafeTensors;

/// <summary>Weights that are infinite or no numbers compute nothing: they are refused wherever they come from, factored or not.</summary>
internal static class FiniteWeights
{
    private const long ChunkLength = 1 << 18;

    /// <summary>Refuses a tensor that has such a value.</summary>
    /// <param name="weight">The tensor.</param>
    /// <param name="name">Its name.</param>
    /// <param name="file">What it was read from.</param>
    /// <param name="remedy">What to do, a sentence.</param>
    /// <exception cref="InputException">A value is infinite or no number; how many are, and which is the first.</exception>
    public static void Check(Tensor weight, string name, string file, string remedy)
    {
        if (Wrong(weight) is { } wrong)
            throw new InputException(
                $"'{ShownText.Of(name)}' in '{file}' has {wrong}: the file is damaged, or the training diverged. {remedy}"
            );
    }

    /// <summary>Says which values of a tensor are infinite or no number; null where none is.</summary>
    /// <param name="weight">The tensor.</param>
    public static string? Wrong(Tensor weight)
    {
        if (!weight.is_floating_point())
            return null;
        using var detached = weight.detach();
        using var flat = detached.reshape(-1);
        var (wrong, first) = (0L, -1L);
        // What is asked of many values at once would take as much memory as they do.
        for (long start = 0; start < flat.shape[0]; start += ChunkLength)
        {
            using var chunk = flat.narrow(0, start, Math.Min(ChunkLength, flat.shape[0] - start));
            using var finite = chunk.isfinite();
            using var all = finite.all();
            if (all.item<bool>())
                continue;
            using var infinite = finite.logical_not();
            using var count = infinite.sum();
            using var bytes = infinite.to(ScalarType.Byte);
            using var place = bytes.argmax();
            wrong += count.item<long>();
            if (first < 0)
                first = start + place.item<long>();
        }

        return wrong == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{wrong} of {weight.NumberOfElements} values that are infinite or no number, the first at [{Index(first, weight.shape)}]"
            );
    }

    /// <summary>Refuses tensors of which one has such a value.</summary>
    public static void Check(IEnumerable<(string Name, Tensor Tensor)> weights, string file, string remedy)
    {
        foreach (var (name, weight) in weights)
            Check(weight, name, file, remedy);
    }

    private static string Index(long place, long[] shape)
    {
        var index = new long[shape.Length];
        for (var dimension = shape.Length - 1; dimension >= 0; dimension--)
            (place, index[dimension]) = Math.DivRem(place, shape[dimension]);
        return string.Join(", ", index.Select(one => one.ToString(CultureInfo.InvariantCulture)));
    }
}
