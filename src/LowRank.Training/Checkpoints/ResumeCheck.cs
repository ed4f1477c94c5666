using LowRank.Training.Runs;
using LowRank.Training.Runs.Options;
using LowRank.Training.Wording;

namespace LowRank.Training.Checkpoints;

/// <summary>A run is only resumed as what it was: a changed option would make it a different run under the same name.</summary>
internal static class ResumeCheck
{
    /// <summary>Compares a checkpoint with what is asked for.</summary>
    /// <param name="info">The checkpoint.</param>
    /// <param name="entry">The model asked for.</param>
    /// <param name="variant">The variant asked for.</param>
    /// <param name="dataFingerprint">The text asked for; null where it isn't prepared yet.</param>
    /// <param name="options">The options asked for.</param>
    /// <exception cref="InputException">Something differs; the message lists it.</exception>
    public static void Validate(CheckpointInfo info, ModelEntry entry, Variant variant, string? dataFingerprint, TrainingOptions options)
    {
        var saved = info.Options;
        var differences = new List<FormattableString>();
        Compare("the model", info.Model, entry.FullName);
        if (!DensePhase.CanBe(info.Variant, info.Step, saved, variant))
            Compare("the variant", info.Variant.Key(), variant.Key());
        if (dataFingerprint is not null && !string.Equals(info.DataFingerprint, dataFingerprint, StringComparison.Ordinal))
            differences.Add($"the text or its tokenizer was another one");
        // Only what the optimizer reads: checkpoints of before know nothing of the others' options.
        foreach (
            var option in DeclaredTrainingOptions.All.Where(option => !option.MayChangeOnResume && option.IsReadBy(saved.Optimizer.Key()))
        )
        {
            // Fine-tuning begins with the checkpoint that is its argument.
            var isArgument = option.Property == nameof(TrainingOptions.From) && saved.FineTuning is not null;
            Compare(
                isArgument ? "the checkpoint" : option.Name,
                option.Get(saved) ?? option.NoValue,
                option.Get(options) ?? option.NoValue
            );
        }

        CompareFineTuning(saved.FineTuning, options.FineTuning);
        if (differences.Count > 0)
        {
            throw InputException.Naming(
                $"The run in '{options.Output}' was another one: {OptionSentence.Join("; ", differences)}. Resume it as it was started, or choose another {new OptionName(nameof(TrainingOptions.Output))}."
            );
        }

        void CompareFineTuning(FineTuningOptions? was, FineTuningOptions? asked)
        {
            if (was?.Method != asked?.Method)
                Compare("the fine-tuning's method", was?.Method.Key() ?? "none", asked?.Method.Key() ?? "none");
            if (was is null || asked is null || was.Method != asked.Method)
                return;
            foreach (var option in DeclaredFineTuningOptions.All)
                Compare(option.Name, option.Get(was) ?? option.NoValue, option.Get(asked) ?? option.NoValue);
        }

        void Compare(object name, object was, object asked)
        {
            if (!Equals(was, asked))
                differences.Add($"{name} was {was} and is now {asked}");
        }
    }
}
