using LowRank.Costs;
using LowRank.Training.Data;
using LowRank.Training.Files;
using LowRank.Training.Optimization;
using LowRank.Training.Runs.Options;
using LowRank.Training.Wording;

namespace LowRank.Training.Runs;

/// <summary>Refuses options that can't work before anything is loaded.</summary>
internal static class TrainingOptionsCheck
{
    // Whole numbers up to here are exact as floating point and in every reader of JSON; no text has as many tokens.
    private const long MostTokens = 1L << 53;

    private static readonly OptionName Batch = Of(nameof(TrainingOptions.SequencesPerStep));
    private static readonly OptionName MicroBatch = Of(nameof(TrainingOptions.SequencesPerMicroBatch));
    private static readonly OptionName Context = Of(nameof(TrainingOptions.Context));
    private static readonly OptionName Optimizer = Of(nameof(TrainingOptions.Optimizer));

    /// <summary>Checks that each of several processes has sequences of a step.</summary>
    /// <param name="options">The options.</param>
    /// <param name="world">Number of processes.</param>
    /// <exception cref="InputException">There are more processes.</exception>
    public static void ValidateRanks(TrainingOptions options, int world)
    {
        if (world > options.SequencesPerStep)
        {
            throw InputException.Naming(
                $"{Batch} {options.SequencesPerStep} is less than the {world} processes that share the sequences of a step; give at least {world}, or start fewer processes."
            );
        }
    }

    /// <summary>The error where conversations are to be learned with a tokenizer that is still to be trained.</summary>
    public static InputException NoTokensForTurns() =>
        InputException.Naming(
            $"Conversations are learned with a tokenizer that has tokens for turns; name one with {Of(nameof(CorpusOptions.TokenizerPath))}, or begin with a model's weights by {Of(nameof(TrainingOptions.From))}."
        );

    /// <summary>Checks options against each other and against the model.</summary>
    /// <param name="options">The options.</param>
    /// <param name="cost">The model.</param>
    /// <exception cref="InputException">An option is out of range.</exception>
    public static void Validate(TrainingOptions options, ModelCost cost)
    {
        if (options.Context > cost.Context)
        {
            throw InputException.Naming(
                $"{Context} {options.Context} is longer than the {cost.Context} tokens that {cost.Model} is declared for."
            );
        }

        ValidateNumbers(options);
        if (options.LearningRate * options.WeightDecay > 1)
        {
            // Decoupled decay multiplies weights by 1 − rate · decay: above 1 every step turns their signs over.
            throw InputException.Naming(
                $"{Of(nameof(TrainingOptions.WeightDecay))} {options.WeightDecay} times {Of(nameof(TrainingOptions.LearningRate))} {options.LearningRate} is above 1, which would turn the sign of every weight over at each step; lower one of them."
            );
        }

        var name = Of(nameof(TrainingOptions.Output));
        if (options.Resume && options.Output is null)
            throw InputException.Naming($"{Of(nameof(TrainingOptions.Resume))} needs {name}: the folder of the run to go on with.");

        if (options is { ReplaceTokenizer: true, From: null })
        {
            throw InputException.Naming(
                $"{Of(nameof(TrainingOptions.ReplaceTokenizer))} is about the weights that {Of(nameof(TrainingOptions.From))} names, and it names none; leave it out."
            );
        }

        Tf32.RefuseOnCpu(options.Tf32, options.Device);
        options.FineTuning?.Check();
        if (options.Output is not { } output)
            return;
        CheckpointPlace.Refuse(output, name);
        WritableFolder.Check(output, name);
        WritableFolder.Check(Path.Combine(output, RunFiles.Checkpoints), name);
    }

    /// <summary>
    /// Checks that every option is within its range, that micro-batches divide the step, and that tokens can be counted: those of a
    /// micro-batch in one array, those of the run in one number.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <exception cref="InputException">An option is out of range, or a product of them too large.</exception>
    public static void ValidateNumbers(TrainingOptions options)
    {
        foreach (var option in DeclaredTrainingOptions.All)
            option.Check(options);
        if (options.SequencesPerStep % options.SequencesPerMicroBatch != 0)
        {
            throw InputException.Naming(
                $"{MicroBatch} {options.SequencesPerMicroBatch} does not divide {Batch} {options.SequencesPerStep}; choose a divisor of it."
            );
        }

        var micro = (long)options.SequencesPerMicroBatch * options.Context;
        if (micro > Array.MaxLength)
        {
            throw InputException.Naming(
                $"{MicroBatch} {options.SequencesPerMicroBatch} of {Context} {options.Context} is {micro} tokens in one pass; at most {Array.MaxLength} can be, so {MicroBatch} at most {Array.MaxLength / options.Context}."
            );
        }

        var step = (long)options.SequencesPerStep * options.Context;
        if (options.Steps > MostTokens / step)
        {
            throw InputException.Naming(
                $"{Of(nameof(TrainingOptions.Steps))} {options.Steps} of {step} tokens each ({Batch} {options.SequencesPerStep}, {Context} {options.Context}) are more than the {MostTokens} that a run can count; at most {MostTokens / step} steps."
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
        FormattableString shorter = $" and a shorter {Context}";
        throw InputException.Naming(
            $"{MicroBatch} {options.SequencesPerMicroBatch} of {Context} {options.Context} needs {Quantity.Bytes(needed)} for its activations alone, and this machine has {Quantity.Bytes(available)}; try {MicroBatch} {most}{(phase.Of(most * options.Context) > available ? shorter : null)}."
        );
    }

    /// <summary>Checks optimizer and dense phase against what a variant has, from its sizes alone.</summary>
    /// <param name="options">The options.</param>
    /// <param name="entry">The model.</param>
    /// <param name="variant">The variant.</param>
    /// <exception cref="InputException">
    /// The optimizer has nothing to train there or too large a rank, or no factors become dense.
    /// </exception>
    public static void ValidateVariant(TrainingOptions options, ModelEntry entry, Variant variant)
    {
        DensePhase.Validate(options, entry, variant);
        if (options is { DenseFrom: not null, Optimizer: OptimizerKind.Spectron })
        {
            throw InputException.Naming(
                $"{Optimizer} spectron trains factors alone, and {Of(nameof(TrainingOptions.DenseFrom))} leaves none; use {Optimizer} muon."
            );
        }

        if (options.Optimizer == OptimizerKind.Spectron && Variants.Cost(entry, variant).Sublayers.All(sublayer => sublayer.Rank == 0))
        {
            throw InputException.Naming(
                $"{Optimizer} spectron trains the factors of factored layers, and the {variant.Key()} variant of {entry.Name} has none; use {Optimizer} muon, or a variant with factors."
            );
        }

        // What fine-tuning factors or adapts has other matrices.
        if (
            options is { Optimizer: OptimizerKind.GaLore, FineTuning: null or { Method: FineTuningMethod.Full or FineTuningMethod.GaLore } }
        )
        {
            CheckGaLoreRank(options, entry, variant);
            if (options.DenseFrom is not null)
                CheckGaLoreRank(options, entry, Variant.Dense);
        }
    }

    private static void CheckGaLoreRank(TrainingOptions options, ModelEntry entry, Variant variant)
    {
        using var model = new DeclaredModel(entry, variant).WithoutMemory();
        GaLoreRankLimit.Check(model, options.GaLoreRank);
    }

    private static OptionName Of(string property) => new(property);
}
