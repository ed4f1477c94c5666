using LowRank.Costs;

namespace LowRank.Training.Runs.Options;

/// <summary>
/// What a run takes where nothing is said, for the command line and for experiments: the program's defaults, what the declaration says, or
/// the usual values.
/// </summary>
internal static class RunDefaults
{
    /// <summary>A run of which something is given.</summary>
    /// <param name="entry">The model.</param>
    /// <param name="given">What is given.</param>
    /// <param name="program">The program's defaults for this model; null for none.</param>
    /// <param name="usual">What a method of fine-tuning starts with; null for what training does.</param>
    /// <param name="tokens">Tokens that are asked for instead of steps; null for none.</param>
    /// <param name="stepsOf">Other steps than those that would be taken; null for none.</param>
    /// <exception cref="InputException">An option is that of another optimizer.</exception>
    public static TrainingOptions Complete(
        ModelEntry entry,
        IGivenOptions given,
        TrainingOptions? program = null,
        UsualOptions? usual = null,
        long? tokens = null,
        Func<TrainingOptions, long>? stepsOf = null
    )
    {
        var declared = entry.Cost.Run;
        var options =
            program
            ?? new TrainingOptions
            {
                Steps = UsualValues.Steps,
                SequencesPerStep = declared?.SequencesPerStep ?? UsualValues.SequencesPerStep,
                SequencesPerMicroBatch = 1,
                Context = usual?.Context ?? entry.Cost.Context,
            };
        options = given.ApplyTo(WithOptimizer(options, given, declared, program, usual));
        foreach (var option in DeclaredTrainingOptions.All.Where(option => given.Has(option.Property)))
            DeclaredTrainingOptions.RefuseOfOthers(option, options.Optimizer);
        if (!given.Has(nameof(TrainingOptions.SequencesPerMicroBatch)))
        {
            var wanted =
                program?.SequencesPerMicroBatch
                ?? declared?.SequencesPerMicroBatch
                ?? UsualValues.SequencesPerMicroBatch(Math.Max(1, options.Context));
            options = options with { SequencesPerMicroBatch = UsualValues.DividingMicroBatch(options.SequencesPerStep, wanted) };
        }

        // What can't be counted is refused later.
        if (
            !given.Has(nameof(TrainingOptions.Steps))
            && (tokens ?? (program is null ? declared?.Tokens : null)) is { } count
            && options is { SequencesPerStep: > 0, Context: > 0 }
        )
        {
            options = options with { Steps = Math.Max(1, TrainingFlopFormula.Steps(count, options.SequencesPerStep, options.Context)) };
        }

        if (stepsOf is not null)
            options = options with { Steps = stepsOf(options) };
        return program is null ? WithPace(options, given) : options;
    }

    // A declaration says how its model is trained, not how it is trained on; and its rate is that of its optimizer.
    private static TrainingOptions WithOptimizer(
        TrainingOptions options,
        IGivenOptions given,
        DeclaredRun? declared,
        TrainingOptions? program,
        UsualOptions? usual
    )
    {
        var isTrainedOn = usual is not null || given.Has(nameof(TrainingOptions.FineTuning));
        var isDeclared = program is null && !isTrainedOn && given.Optimizer is null;
        if ((given.Optimizer ?? usual?.Optimizer ?? (isDeclared ? declared?.Optimizer : null)) is { } kind)
            options = options.WithOptimizer(kind);
        var rate = usual?.LearningRate ?? (isDeclared ? declared?.LearningRate : null);
        return rate is { } peak ? options with { LearningRate = peak } : options;
    }

    private static TrainingOptions WithPace(TrainingOptions options, IGivenOptions given)
    {
        if (!given.Has(nameof(TrainingOptions.EvaluateEvery)))
            options = options with { EvaluateEvery = UsualValues.EvaluateEvery(options.Steps) };
        return given.Has(nameof(TrainingOptions.CheckpointEvery))
            ? options
            : options with
            {
                CheckpointEvery = UsualValues.CheckpointEvery(options.Steps),
            };
    }
}
