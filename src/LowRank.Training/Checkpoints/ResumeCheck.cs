using LowRank.Training.Runs;

namespace LowRank.Training.Checkpoints;

/// <summary>A run is only resumed as what it was: a changed option would make it a different run under the same name.</summary>
internal static class ResumeCheck
{
    /// <summary>Compares a checkpoint with what is asked for.</summary>
    /// <param name="info">The checkpoint.</param>
    /// <param name="entry">The model asked for.</param>
    /// <param name="variant">The variant asked for.</param>
    /// <param name="dataFingerprint">The text asked for.</param>
    /// <param name="options">The options asked for.</param>
    /// <exception cref="InputException">Something differs; the message lists it.</exception>
    public static void Validate(CheckpointInfo info, ModelEntry entry, Variant variant, string dataFingerprint, TrainingOptions options)
    {
        var differences = new List<string>();
        Compare("the model", info.Model, entry.FullName);
        if (!DensePhase.CanBe(info.Variant, info.Step, info.Options, variant))
            Compare("the variant", info.Variant, variant);
        if (!string.Equals(info.DataFingerprint, dataFingerprint, StringComparison.Ordinal))
            differences.Add("the text or its tokenizer");
        var saved = info.Options;
        Compare("--steps", saved.Steps, options.Steps);
        Compare("--batch", saved.SequencesPerStep, options.SequencesPerStep);
        Compare("--micro-batch", saved.SequencesPerMicroBatch, options.SequencesPerMicroBatch);
        Compare("--context", saved.Context, options.Context);
        Compare("--optimizer", saved.Optimizer.Key(), options.Optimizer.Key());
        Compare("--learning-rate", saved.LearningRate, options.LearningRate);
        Compare("--weight-decay", saved.WeightDecay, options.WeightDecay);
        Compare("--seed", saved.Seed, options.Seed);
        Compare("--dense-from", Word(saved.DenseFrom, "nothing"), Word(options.DenseFrom, "nothing"));
        Compare(saved.FineTuning is null ? "--from" : "the checkpoint", saved.From ?? "nothing", options.From ?? "nothing");
        Compare("--replace-tokenizer", saved.ReplaceTokenizer, options.ReplaceTokenizer);
        if (saved.FineTuning != options.FineTuning)
            differences.Add(FormattableString.Invariant($"the fine-tuning was {saved.FineTuning} and is now {options.FineTuning}"));
        Compare("--precision", saved.Precision, options.Precision);
        Compare("the warm-up", saved.WarmupFraction, options.WarmupFraction);
        Compare("the final learning rate", saved.FinalLearningRateFraction, options.FinalLearningRateFraction);
        Compare("β₁", saved.Beta1, options.Beta1);
        Compare("β₂", saved.Beta2, options.Beta2);
        Compare("ε", saved.Epsilon, options.Epsilon);
        Compare("the clip norm", saved.ClipNorm, options.ClipNorm);
        // Only what the optimizer reads: checkpoints of before know nothing of the others' options.
        if (saved.Optimizer is OptimizerKind.Muon or OptimizerKind.Spectron)
            Compare("--momentum", Word(saved.Momentum), Word(options.Momentum));
        if (saved.Optimizer == OptimizerKind.Spectron)
            Compare("--spectron-rate", saved.SpectronLearningRate, options.SpectronLearningRate);
        if (saved.Optimizer == OptimizerKind.GaLore)
        {
            Compare("--galore-rank", saved.GaLoreRank, options.GaLoreRank);
            Compare("--galore-gap", saved.GaLoreGap, options.GaLoreGap);
            Compare("--galore-scale", saved.GaLoreScale, options.GaLoreScale);
        }

        if (differences.Count > 0)
        {
            throw new InputException(
                $"The run in '{options.Output}' was another one: {string.Join("; ", differences)}. Resume it as it was started, or choose another --output."
            );
        }

        static string Word(double? given, string otherwise = "the default") =>
            given is { } value ? FormattableString.Invariant($"{value}") : otherwise;

        void Compare<T>(string name, T was, T asked)
        {
            if (!EqualityComparer<T>.Default.Equals(was, asked))
                differences.Add(FormattableString.Invariant($"{name} was {was} and is now {asked}"));
        }
    }
}
