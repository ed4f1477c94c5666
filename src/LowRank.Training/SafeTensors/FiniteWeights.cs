using System.Globalization;
using LowRank.Training.Json;
using static TorchSharp.torch;

namespace LowRank.Training.SafeTensors;

/// <summary>Weights that are infinite or no numbers compute nothing: they are refused wherever they come from, factored or not.</summary>
internal static class FiniteWeights
{
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
        using var finite = weight.isfinite();
        using var all = finite.all();
        if (all.item<bool>())
            return null;
        using var wrong = finite.logical_not();
        using var count = wrong.sum();
        using var flat = wrong.flatten();
        using var bytes = flat.to(ScalarType.Byte);
        using var first = bytes.argmax();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{count.item<long>()} of {weight.NumberOfElements} values that are infinite or no number, the first at [{Index(first.item<long>(), weight.shape)}]"
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
