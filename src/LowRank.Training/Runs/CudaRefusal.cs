using System.Globalization;
using LowRank.Training.Wording;

namespace LowRank.Training.Runs;

/// <summary>Why there is no such GPU, and what to do about it.</summary>
internal static class CudaRefusal
{
    private static readonly OptionName Device = new(nameof(TrainingOptions.Device));

    /// <summary>Why a GPU can't be used; null where nothing is known against it.</summary>
    /// <param name="name">What was asked for.</param>
    /// <param name="index">Its number.</param>
    /// <param name="found">What was found.</param>
    public static InputException? Of(string name, int index, CudaFindings found)
    {
        if (index < found.Usable)
            return null;
        var asked = $"Device '{name}' was asked for, but";
        if (found.Usable > 0)
            return new InputException($"{asked} there are {found.Usable} CUDA devices, counted from 0{Listed(found.Cards, ": ")}.");
        if (!found.IsBuiltForCuda)
        {
            var driver = found.Driver is { } version
                ? $" (the driver would take CUDA {version}{Listed(found.Cards, ", on ")})"
                : $" ({found.WhyNoCard ?? "and no GPU is found"})";
            return InputException.Naming(
                $"{asked} this program's libtorch has no CUDA{driver}; build with -p:Torch=cuda-linux or -p:Torch=cuda-windows for a machine with an NVIDIA driver, or use {Device} cpu."
            );
        }

        if (found.Driver is not { } takes)
        {
            return InputException.Naming(
                $"{asked} the NVIDIA driver shows no GPU ({found.WhyNoCard}); see nvidia-smi and the variable CUDA_VISIBLE_DEVICES, hand the GPU to the container, or use {Device} cpu."
            );
        }

        if (found.Needed is { } needed && takes.Major < needed)
        {
            return InputException.Naming(
                $"{asked} the NVIDIA driver takes CUDA up to {takes}, and this program's libtorch is of CUDA {needed}; update the driver, take a libtorch of CUDA {takes.Major}, or use {Device} cpu."
            );
        }

        return InputException.Naming(
            $"{asked} libtorch can use no GPU, though the driver (CUDA {takes}) shows {string.Join(", ", found.Cards)}; try nvidia-smi, or use {Device} cpu."
        );
    }

    /// <summary>That a GPU can't compute with this libtorch, as one that is older than all it was compiled for.</summary>
    /// <param name="name">What was asked for.</param>
    /// <param name="index">Its number.</param>
    /// <param name="found">What was found.</param>
    /// <param name="failure">What libtorch said to a first computation.</param>
    public static InputException CannotCompute(string name, int index, CudaFindings found, string failure)
    {
        var card = index < found.Cards.Count ? $" ({found.Cards[index]})" : "";
        var reason = failure.Split('\n')[0].Trim().TrimEnd('.');
        return failure.Contains("no kernel image", StringComparison.OrdinalIgnoreCase)
            ? InputException.Naming(
                $"Device '{name}'{card} is too old, or too new, for this program's libtorch, which holds no code for it: {reason}. Take a libtorch that does, or use {Device} cpu."
            )
            : InputException.Naming($"Device '{name}'{card} can't compute: {reason}. See nvidia-smi, or use {Device} cpu.");
    }

    private static string Listed(IReadOnlyList<CudaCard> cards, string before) =>
        cards.Count == 0
            ? ""
            : before + string.Join(", ", cards.Select((card, index) => string.Create(CultureInfo.InvariantCulture, $"{index} is {card}")));
}
