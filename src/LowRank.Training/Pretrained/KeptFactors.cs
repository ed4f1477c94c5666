using LowRank.Models;
using LowRank.Training.Pretrained.Tensors;
using LowRank.Training.Wording;

namespace LowRank.Training.Pretrained;

/// <summary>Whether a model's factors can be written as they are.</summary>
internal static class KeptFactors
{
    private static readonly OptionName KeepFactors = new(nameof(ExportOptions.KeepFactors));

    /// <exception cref="InputException">A guide still takes part, or the architecture fuses a factored layer with others.</exception>
    public static void Check(LanguageModel model, Architecture architecture, TensorLayout layout)
    {
        if (model.HasGuide)
        {
            throw InputException.Naming(
                $"{model.Accounting.Model} still has its guides, so its factors alone are not the model; finish the training, or leave {KeepFactors} out."
            );
        }

        if (layout.Tensors.FirstOrDefault(tensor => tensor.IsFactored && tensor.Factors is null) is { } fused)
        {
            throw InputException.Naming(
                $"{architecture.Key()} fuses several layers in {fused.Name}, so factors of theirs can't be kept; leave {KeepFactors} out."
            );
        }
    }
}
