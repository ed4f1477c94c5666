using LowRank.Costs;
using LowRank.Training.Files;
using LowRank.Training.Wording;

namespace LowRank.Training.Runs;

/// <summary>Refuses options that can't work before anything is loaded.</summary>
internal static class TrainingOptionsCheck
{
    // Whole numbers up to here are exact as floating point and in every reader of JSON; no text has as many tokens.
    private const long MostTokens = 1L << 53;

    /// <summary>Checks options against each other and against the model.</summary>
    /// <param name="options">The options.</param>
    /// <param name="cost">The model.</param>
    /// <exception cref="InputException">An option is out of range.</exception>
    public static void Validate(TrainingOptions options, ModelCost cost)
    {
        if (options.Context > cost.Context)
            throw new InputException(
                $"--context {options.Context} is longer than the {cost.Context} tokens that {cost.Model} is declared for."
            );
        ValidateAmounts(options);
        Positive(options.EvaluationSequences, "the number of evaluation sequences");
        Positive(options.FinalEvaluationSequences, "the number of evaluation sequences");
        if (options.SequencesPerStep % options.SequencesPerMicroBatch != 0)
        {
            throw new InputException(
                $"--micro-batch {options.SequencesPerMicroBatch} does not divide --batch {options.SequencesPerStep}; choose a divisor of it."
            );
        }

        Within(options.LearningRate > 0 && double.IsFinite(options.LearningRate), "--learning-rate", options.LearningRate, "above 0");
        Within(options.WarmupFraction is >= 0 and <= 1, "the warm-up fraction", options.WarmupFraction, "from 0 to 1");
        Within(
            options.FinalLearningRateFraction is >= 0 and <= 1,
            "the final learning rate fraction",
            options.FinalLearningRateFraction,
            "from 0 to 1"
        );
        Within(options.WeightDecay >= 0 && double.IsFinite(options.WeightDecay), "--weight-decay", options.WeightDecay, "at least 0");
        if (options.LearningRate * options.WeightDecay > 1)
        {
            // Decoupled decay multiplies weights by 1 − rate · decay: above 1 every step turns their signs over.
            throw new InputException(
                FormattableString.Invariant(
                    $"--weight-decay {options.WeightDecay} times --learning-rate {options.LearningRate} is above 1, "
                ) + "which would turn the sign of every weight over at each step; lower one of them."
            );
        }

        Within(options.Beta1 is >= 0 and < 1, "β₁", options.Beta1, "from 0 to below 1");
        Within(options.Beta2 is >= 0 and < 1, "β₂", options.Beta2, "from 0 to below 1");
        Within(options.Epsilon > 0 && double.IsFinite(options.Epsilon), "ε", options.Epsilon, "above 0");
        Within(options.Momentum is null or (>= 0 and < 1), "--momentum", options.Momentum ?? 0, "from 0 to below 1");
        Within(
            options.SpectronLearningRate > 0 && double.IsFinite(options.SpectronLearningRate),
            "--spectron-rate",
            options.SpectronLearningRate,
            "above 0"
        );
        Positive(options.GaLoreRank, "--galore-rank");
        Positive(options.GaLoreGap, "--galore-gap");
        Within(options.GaLoreScale > 0 && double.IsFinite(options.GaLoreScale), "--galore-scale", options.GaLoreScale, "above 0");
        Positive(options.LogEvery ?? 1, "--log-every");
        Within(options.ClipNorm > 0, "the clip norm", options.ClipNorm, "above 0");
        if (options.CheckpointEvery < 0 || options.EvaluateEvery < 0)
            throw new InputException("--checkpoint-every and --evaluate-every count steps; they can't be negative.");
        if (options.Resume && options.Output is null)
            throw new InputException("--resume needs --output: the folder of the run to go on with.");
        _ = Devices.ComputeType(options.Precision);
        options.FineTuning?.Check();
        if (options.Output is not { } output)
            return;
        CheckpointPlace.Refuse(output, "--output");
        WritableFolder.Check(output, "--output");
        WritableFolder.Check(Path.Combine(output, RunFiles.Checkpoints), "--output");
    }

    /// <summary>Checks that tokens can be counted: those of a micro-batch in one array, those of the run in one number.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="InputException">An amount is not positive, or a product of them too large.</exception>
    public static void ValidateAmounts(TrainingOptions options)
    {
        Positive(options.Steps, "--steps");
        Positive(options.SequencesPerStep, "--batch");
        Positive(options.SequencesPerMicroBatch, "--micro-batch");
        Positive(options.Context, "--context");
        var micro = (long)options.SequencesPerMicroBatch * options.Context;
        if (micro > Array.MaxLength)
        {
            throw new InputException(
                FormattableString.Invariant(
                    $"--micro-batch {options.SequencesPerMicroBatch} of --context {options.Context} is {micro} tokens in one pass; at most {Array.MaxLength} can be, so --micro-batch at most {Array.MaxLength / options.Context}."
                )
            );
        }

        var step = (long)options.SequencesPerStep * options.Context;
        if (options.Steps > MostTokens / step)
        {
            throw new InputException(
                FormattableString.Invariant(
                    $"--steps {options.Steps} of {step} tokens each (--batch {options.SequencesPerStep}, --context {options.Context}) are more than the {MostTokens} that a run can count; at most {MostTokens / step} steps."
                )
            );
        }
    }

    /// <summary>
    /// Refuses a micro-batch whose activations alone take more memory than this machine has; where a run is only reported it doesn't
    /// matter.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <param name="entry">The model.</param>
    /// <param name="variant">The variant.</param>
    /// <exception cref="InputException">They do.</exception>
    public static void ValidateMemory(TrainingOptions options, ModelEntry entry, Variant variant) =>
        ValidateMemory(options, entry, variant, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>
    /// Refuses a micro-batch whose activations alone take more memory than the machine has; a GPU's own isn't known here.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <param name="entry">The model.</param>
    /// <param name="variant">The variant.</param>
    /// <param name="available">The machine's memory in bytes.</param>
    /// <exception cref="InputException">They do.</exception>
    public static void ValidateMemory(TrainingOptions options, ModelEntry entry, Variant variant, long available)
    {
        if (
            Variants.Cost(entry, variant).Memory is not { } memory
            || !string.Equals(options.Device, "cpu", StringComparison.OrdinalIgnoreCase)
        )
            return;
        var mixed = Devices.ComputeType(options.Precision) != TorchSharp.torch.ScalarType.Float32;
        var phase = (mixed ? memory.MixedPrecision : memory.FullPrecision).AtEnd;
        var needed = phase.Of((long)options.SequencesPerMicroBatch * options.Context);
        if (needed <= available)
            return;
        long most = options.SequencesPerMicroBatch;
        while (most > 1 && phase.Of(most * options.Context) > available)
            most /= 2;
        throw new InputException(
            $"--micro-batch {options.SequencesPerMicroBatch} of --context {options.Context} needs {Quantity.Bytes(needed)} for its activations alone, and this machine has "
                + $"{Quantity.Bytes(available)}; try --micro-batch {most}{(phase.Of(most * options.Context) > available ? " and a shorter --context" : "")}."
        );
    }

    /// <summary>Checks optimizer and dense phase against what a variant has.</summary>
    /// <param name="options">The options.</param>
    /// <param name="entry">The model.</param>
    /// <param name="variant">The variant.</param>
    /// <exception cref="InputException">The optimizer has nothing to train there, or no factors become dense.</exception>
    public static void ValidateVariant(TrainingOptions options, ModelEntry entry, Variant variant)
    {
        DensePhase.Validate(options, entry, variant);
        if (options is { DenseFrom: not null, Optimizer: OptimizerKind.Spectron })
            throw new InputException("--optimizer spectron trains factors alone, and --dense-from leaves none; use --optimizer muon.");
        if (options.Optimizer == OptimizerKind.Spectron && Variants.Cost(entry, variant).Sublayers.All(sublayer => sublayer.Rank == 0))
        {
            throw new InputException(
                $"--optimizer spectron trains the factors of factored layers, and the {variant.Key()} variant of {entry.Name} has none; "
                    + "use --optimizer muon, or a variant with factors."
            );
        }
    }

    private static void Positive(long value, string name)
    {
        if (value < 1)
            throw new InputException($"{name} must be at least 1, not {value}.");
    }

    private static void Within(bool holds, string name, double value, string range)
    {
        if (!holds)
            throw new InputException(FormattableString.Invariant($"{name} must be {range}, not {value}."));
    }
}
