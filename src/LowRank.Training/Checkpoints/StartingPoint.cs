using LowRank.Training.Data;

namespace LowRank.Training.Checkpoints;

/// <summary>The checkpoint whose weights a new run begins with.</summary>
internal static class StartingPoint
{
    /// <summary>Opens it.</summary>
    /// <param name="path">A run's folder, or a checkpoint's.</param>
    /// <param name="entry">The model to be trained.</param>
    /// <param name="variant">How it is to be trained.</param>
    /// <exception cref="InputException">It is no checkpoint, or its guides or adapters are not the variant's.</exception>
    public static Checkpoint Open(string path, ModelEntry entry, Variant variant)
    {
        var checkpoint = Checkpoint.Open(path);
        var info = checkpoint.Info;
        if (variant == Variant.Lora && info.Variant == Variant.Lora)
            throw new InputException($"--from {path} holds adapters already; go on with --resume, or begin with the model that they adapt.");
        if (!IsOf(checkpoint, entry, variant))
            return checkpoint;
        var hasGuides = info.Guides.Count > 0;
        if (hasGuides && variant != Variant.Guided)
            throw new InputException($"--from {path} holds guides, which are a part of what it computes; train it with --variant guided.");
        if (!hasGuides && variant == Variant.Guided)
            throw new InputException($"--from {path} holds no guides; train it with --variant lowrank.");
        return checkpoint;
    }

    /// <summary>Whether its parameters are the model's. Else its weights have to be <see cref="WeightTransfer">transferred</see>.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="entry">The model to be trained.</param>
    /// <param name="variant">How it is to be trained; the dense baseline has other parameters than the model.</param>
    public static bool IsOf(Checkpoint checkpoint, ModelEntry entry, Variant variant) =>
        string.Equals(checkpoint.Info.Model, entry.FullName, StringComparison.Ordinal)
        && ReferenceEquals(Variants.Entry(entry, variant), Variants.Entry(entry, checkpoint.Info.Variant));

    /// <summary>Refuses to draw weights where the declaration has them come from elsewhere.</summary>
    /// <param name="entry">The model to be trained.</param>
    /// <param name="variant">How it is to be trained.</param>
    /// <exception cref="InputException">The variant has factors with <see cref="Initialization.Pretrained"/>.</exception>
    public static void RefuseIfNeeded(ModelEntry entry, Variant variant)
    {
        if (Variants.Cost(entry, variant).NeedsPretrainedFactors)
        {
            throw new InputException(
                $"{entry.Name} declares factors with Initialization.Pretrained, which are never drawn: import a checkpoint and begin from it with "
                + "'train --from', or declare another initialisation.");
        }
    }

    /// <summary>The text's options with the checkpoint's tokeniser: other ids would mean nothing to its weights.</summary>
    /// <param name="path">A run's folder, or a checkpoint's; null for none.</param>
    /// <param name="corpus">The options before.</param>
    public static CorpusOptions? Corpus(string? path, CorpusOptions? corpus)
    {
        if (path is null || Checkpoint.Open(path) is not { } checkpoint || !File.Exists(checkpoint.TokenizerPath))
            return corpus;
        return (corpus ?? new CorpusOptions()) with { TokenizerPath = checkpoint.TokenizerPath };
    }
}
