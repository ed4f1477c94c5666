using LowRank.Models;
using LowRank.Training.Runs;
using LowRank.Training.Tokenization;
using LowRank.Training.Weights;
using LowRank.Training.Wording;

namespace LowRank.Training.Checkpoints;

/// <summary>The checkpoint whose weights a new run begins with.</summary>
internal static class StartingPoint
{
    /// <summary>Refuses a checkpoint that the variant can't begin with.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="path">What was given for it: a run's folder, or a checkpoint's.</param>
    /// <param name="entry">The model to be trained.</param>
    /// <param name="variant">How it is to be trained.</param>
    /// <exception cref="InputException">Its guides or adapters are not the variant's.</exception>
    public static void Check(Checkpoint checkpoint, string? path, ModelEntry entry, Variant variant)
    {
        var info = checkpoint.Info;
        if (variant == Variant.Lora && info.Variant == Variant.Lora)
            throw InputException.Naming(
                $"'{path}' holds adapters already; go on with {new OptionName(nameof(TrainingOptions.Resume))}, or begin with the model that they adapt."
            );
        if (!IsOf(checkpoint, entry, variant))
            return;
        var hasGuides = info.Guides.Count > 0;
        if (hasGuides && variant != Variant.Guided)
            throw InputException.Naming(
                $"'{path}' holds guides, which are a part of what it computes; train it with {new OptionName(nameof(Variant))} guided."
            );
        if (!hasGuides && variant == Variant.Guided)
            throw InputException.Naming($"'{path}' holds no guides; train it with {new OptionName(nameof(Variant))} lowrank.");
    }

    /// <summary>Whether its parameters are the model's. Else its weights have to be <see cref="WeightTransfer">transferred</see>.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="entry">The model to be trained.</param>
    /// <param name="variant">How it is to be trained; the dense baseline has other parameters than the model.</param>
    public static bool IsOf(Checkpoint checkpoint, ModelEntry entry, Variant variant) =>
        string.Equals(checkpoint.Info.Model, entry.FullName, StringComparison.Ordinal)
        && ReferenceEquals(Variants.Entry(entry, variant), Variants.Entry(entry, checkpoint.Info.Variant));

    /// <summary>Takes over the weights of another declaration or variant; see <see cref="WeightTransfer"/>.</summary>
    /// <param name="start">The checkpoint.</param>
    /// <param name="model">The model that is to begin with them.</param>
    /// <returns>The dense weights that became factors, and what that lost.</returns>
    /// <exception cref="InputException">The architectures differ, or one of the models has layers that are no product.</exception>
    public static IReadOnlyList<FactoredWeight> Transfer(Checkpoint start, LanguageModel model)
    {
        using var source = start.LoadModel("cpu", "fp32");
        return WeightTransfer.Load(source, start.Folder, model);
    }

    /// <summary>Refuses to draw weights where the declaration has them come from elsewhere.</summary>
    /// <param name="entry">The model to be trained.</param>
    /// <param name="variant">How it is to be trained.</param>
    /// <exception cref="InputException">
    /// The model attends in both directions, or the variant has factors with <see cref="Initialization.Pretrained"/>.
    /// </exception>
    public static void RefuseIfNeeded(ModelEntry entry, Variant variant)
    {
        NextTokens.Require(entry.Cost);
        if (Variants.Cost(entry, variant).NeedsPretrainedFactors)
        {
            throw InputException.Naming(
                $"{entry.Name} declares factors with Initialization.Pretrained, which are never drawn: import a checkpoint and train from it with {new OptionName(nameof(TrainingOptions.From))}, or declare another initialization."
            );
        }
    }

    /// <summary>Refuses to pair weights with another tokenizer than they were trained with, unless that is asked for.</summary>
    /// <param name="start">Where the weights come from.</param>
    /// <param name="tokenizer">The tokenizer of the text.</param>
    /// <param name="options">The run.</param>
    /// <exception cref="InputException">The tokenizer is another one. Where none was saved with the weights nothing is known.</exception>
    public static void CheckTokenizer(Checkpoint start, Tokenizer tokenizer, TrainingOptions options)
    {
        if (options.ReplaceTokenizer || !File.Exists(start.TokenizerPath))
            return;
        if (Tokenizer.Load(start.TokenizerPath).Fingerprint != tokenizer.Fingerprint)
        {
            throw InputException.Naming(
                $"The text's tokenizer is not {start.TokenizerPath}, with which the weights were trained: to other ids they mean nothing. Leave the other one out, or ask for it with {new OptionName(nameof(TrainingOptions.ReplaceTokenizer))}."
            );
        }
    }
}
