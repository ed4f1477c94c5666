using LowRank.Layers;
using LowRank.Training.Checkpoints;
using static TorchSharp.torch;

namespace LowRank.Training.Pretrained;

/// <summary>Writes a model with pretrained weights as a checkpoint of this library, at step 0 of no run.</summary>
public static class ImportedCheckpoint
{
    private const long LeastSteps = 1_000;

    /// <summary>Writes it.</summary>
    /// <param name="folder">The folder, new or empty; it becomes that of a run with one checkpoint.</param>
    /// <param name="entry">The declared model.</param>
    /// <param name="variant">The variant that was loaded.</param>
    /// <param name="model">The model.</param>
    /// <param name="tokenizerPath">Its <c>tokenizer.json</c>, or null.</param>
    /// <returns>The checkpoint's folder.</returns>
    /// <exception cref="InputException">The folder holds something.</exception>
    public static string Write(string folder, ModelEntry entry, Variant variant, LanguageModel model, string? tokenizerPath)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(model);
        NewFolder.Check(folder);
        return new CheckpointFolder(folder).Write(0, files =>
        {
            SafeTensorsFile.Write(
                Path.Combine(files, Checkpoint.ModelFile), [.. model.named_parameters().Select(named => (named.name, (Tensor)named.parameter))]);
            if (tokenizerPath is not null)
                File.Copy(tokenizerPath, Path.Combine(files, Checkpoint.TokenizerFile));
            return Describe(entry, variant, model);
        });
    }

    private static CheckpointInfo Describe(ModelEntry entry, Variant variant, LanguageModel model) => new()
    {
        Model = entry.FullName,
        Variant = variant,
        Vocabulary = model.Vocabulary,
        Step = 0,
        Options = new TrainingOptions { Steps = Steps(entry), SequencesPerStep = 1, SequencesPerMicroBatch = 1, Context = entry.Cost.Context },
        DataFingerprint = "imported",
        Guides = [.. model.named_parameters().Select(named => named.name).Where(name => name.EndsWith(".guide", StringComparison.Ordinal))],
        Updates = new Dictionary<string, long>(StringComparer.Ordinal),
        Totals = new RunTotals { ParametersAtStart = model.parameters().Sum(parameter => parameter.NumberOfElements) },
        Files = [],
    };

    // Enough for every guide to be there at step 0.
    private static long Steps(ModelEntry entry) =>
        entry.Cost.Guides.Select(guide => (long)Math.Ceiling(1 / guide.PhaseOut)).Append(LeastSteps).Max();
}
