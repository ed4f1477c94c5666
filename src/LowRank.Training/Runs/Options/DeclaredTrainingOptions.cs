using LowRank.Training.Wording;

namespace LowRank.Training.Runs.Options;

/// <summary>
/// Every option of <see cref="TrainingOptions"/>, declared once, in the order in which help and documentation show them. Its fine-tuning
/// is a group of its own, <see cref="DeclaredFineTuningOptions"/>.
/// </summary>
internal static class DeclaredTrainingOptions
{
    private static readonly string[] MomentumOwners = [OptimizerKind.Muon.Key(), OptimizerKind.Spectron.Key()];
    private static readonly string[] SpectronOwner = [OptimizerKind.Spectron.Key()];
    private static readonly string[] GaLoreOwner = [OptimizerKind.GaLore.Key()];

    private static readonly DeclaredOption<TrainingOptions>[] Amounts =
    [
        new WholeOption<TrainingOptions>(
            nameof(TrainingOptions.Steps),
            "steps",
            options => options.Steps,
            (options, value) => options with { Steps = value },
            1,
            long.MaxValue,
            $"Optimizer steps."
        )
        {
            Without = "the declared tokens",
        },
        new WholeOption<TrainingOptions>(
            nameof(TrainingOptions.SequencesPerStep),
            "batch",
            options => options.SequencesPerStep,
            (options, value) => options with { SequencesPerStep = (int)value },
            1,
            int.MaxValue,
            $"Sequences in one optimizer step."
        )
        {
            Without = "as declared",
        },
        new WholeOption<TrainingOptions>(
            nameof(TrainingOptions.SequencesPerMicroBatch),
            "micro-batch",
            options => options.SequencesPerMicroBatch,
            (options, value) => options with { SequencesPerMicroBatch = (int)value },
            1,
            int.MaxValue,
            $"Sequences in one forward and backward pass; divides {Of(nameof(TrainingOptions.SequencesPerStep))}."
        )
        {
            Without = "as declared, or the largest smaller one that divides",
        },
        new WholeOption<TrainingOptions>(
            nameof(TrainingOptions.Context),
            "context",
            options => options.Context,
            (options, value) => options with { Context = (int)value },
            1,
            int.MaxValue,
            $"Tokens in one sequence."
        )
        {
            Without = "the declared context",
            WithoutInFineTuning = "that of the checkpoint",
        },
        new SwitchOption<TrainingOptions>(
            nameof(TrainingOptions.DocumentMasks),
            "document-masks",
            options => options.DocumentMasks,
            (options, value) => options with { DocumentMasks = value },
            $"Documents within a sequence don't see each other: attention ends at end-of-text tokens, and positions begin anew."
        ),
    ];

    private static readonly DeclaredOption<TrainingOptions>[] EveryOptimizers =
    [
        new TextOption<TrainingOptions>(
            nameof(TrainingOptions.Optimizer),
            "optimizer",
            options => options.Optimizer.Key(),
            (options, value) => options.WithOptimizer(OptimizerKinds.Parse(value)),
            "NAME",
            $"{OptimizerKinds.All}; galore brings its own defaults for learning rate, decay, β₂ and ε."
        )
        {
            Without = "as declared, or adamw",
            WithoutInFineTuning = "adamw, and galore for the method galore",
        },
        new RealOption<TrainingOptions>(
            nameof(TrainingOptions.LearningRate),
            "learning-rate",
            options => options.LearningRate,
            (options, value) => options with { LearningRate = value },
            RealRange.Positive,
            $"Peak learning rate."
        )
        {
            Without = "as declared, or 0.001",
            WithoutInFineTuning = FormattableString.Invariant(
                $"{UsualValues.AdapterLearningRate} for lora, {TrainingOptions.GaLoreLearningRate} for galore, {UsualValues.FineTuningLearningRate} for the others"
            ),
            // A list of them is a sweep.
            IsOfExperiments = false,
        },
        new RealOption<TrainingOptions>(
            nameof(TrainingOptions.WarmupFraction),
            "warmup",
            options => options.WarmupFraction,
            (options, value) => options with { WarmupFraction = value },
            RealRange.Fraction,
            $"Fraction of the steps over which the rate rises."
        ),
        new RealOption<TrainingOptions>(
            nameof(TrainingOptions.FinalLearningRateFraction),
            "final-learning-rate",
            options => options.FinalLearningRateFraction,
            (options, value) => options with { FinalLearningRateFraction = value },
            RealRange.Fraction,
            $"The rate at the end, as a fraction of the peak."
        ),
        new RealOption<TrainingOptions>(
            nameof(TrainingOptions.WeightDecay),
            "weight-decay",
            options => options.WeightDecay,
            (options, value) => options with { WeightDecay = value },
            RealRange.NotNegative,
            $"Decoupled weight decay."
        ),
        new RealOption<TrainingOptions>(
            nameof(TrainingOptions.Beta1),
            "beta1",
            options => options.Beta1,
            (options, value) => options with { Beta1 = value },
            RealRange.FractionBelowOne,
            $"β₁ of AdamW."
        ),
        new RealOption<TrainingOptions>(
            nameof(TrainingOptions.Beta2),
            "beta2",
            options => options.Beta2,
            (options, value) => options with { Beta2 = value },
            RealRange.FractionBelowOne,
            $"β₂ of AdamW."
        ),
        new RealOption<TrainingOptions>(
            nameof(TrainingOptions.Epsilon),
            "epsilon",
            options => options.Epsilon,
            (options, value) => options with { Epsilon = value },
            RealRange.Positive,
            $"ε of AdamW."
        ),
        new RealOption<TrainingOptions>(
            nameof(TrainingOptions.ClipNorm),
            "clip",
            options => options.ClipNorm,
            (options, value) => options with { ClipNorm = value },
            RealRange.Positive with
            {
                IsInfiniteToo = true,
            },
            $"Largest norm of the whole gradient."
        ),
    ];

    private static readonly DeclaredOption<TrainingOptions>[] SomeOptimizers =
    [
        new RealOption<TrainingOptions>(
            nameof(TrainingOptions.Momentum),
            "momentum",
            options => options.Momentum,
            (options, value) => options with { Momentum = value },
            RealRange.FractionBelowOne,
            $"Momentum of muon and spectron."
        )
        {
            Owners = MomentumOwners,
            Without = "0.95 and 0.9",
        },
        new RealOption<TrainingOptions>(
            nameof(TrainingOptions.SpectronLearningRate),
            "spectron-rate",
            options => options.SpectronLearningRate,
            (options, value) => options with { SpectronLearningRate = value },
            RealRange.Positive,
            $"Peak learning rate of spectron's factors."
        )
        {
            Owners = SpectronOwner,
        },
        new WholeOption<TrainingOptions>(
            nameof(TrainingOptions.GaLoreRank),
            "galore-rank",
            options => options.GaLoreRank,
            (options, value) => options with { GaLoreRank = (int)value },
            1,
            int.MaxValue,
            $"Rank to which galore projects gradients."
        )
        {
            Owners = GaLoreOwner,
            IsZeroInOldCheckpoints = true,
        },
        new WholeOption<TrainingOptions>(
            nameof(TrainingOptions.GaLoreGap),
            "galore-gap",
            options => options.GaLoreGap,
            (options, value) => options with { GaLoreGap = (int)value },
            1,
            int.MaxValue,
            $"Steps between galore's projections."
        )
        {
            Owners = GaLoreOwner,
            IsZeroInOldCheckpoints = true,
        },
        new RealOption<TrainingOptions>(
            nameof(TrainingOptions.GaLoreScale),
            "galore-scale",
            options => options.GaLoreScale,
            (options, value) => options with { GaLoreScale = value },
            RealRange.Positive,
            $"What galore's update is multiplied by."
        )
        {
            Owners = GaLoreOwner,
        },
    ];

    private static readonly DeclaredOption<TrainingOptions>[] Course =
    [
        new WholeOption<TrainingOptions>(
            nameof(TrainingOptions.Seed),
            "seed",
            options => options.Seed,
            (options, value) => options with { Seed = value },
            long.MinValue,
            long.MaxValue,
            $"Seed of weights, order of the data and guide draws."
        )
        {
            IsOfExperiments = false,
        },
        new WholeOption<TrainingOptions>(
            nameof(TrainingOptions.LogEvery),
            "log-every",
            options => options.LogEvery,
            (options, value) => options with { LogEvery = (int)value },
            1,
            int.MaxValue,
            $"Steps between readings of loss and norm from the device."
        )
        {
            Without = "1 on the CPU, 10 on CUDA",
            MayChangeOnResume = true,
        },
        new WholeOption<TrainingOptions>(
            nameof(TrainingOptions.EvaluateEvery),
            "evaluate-every",
            options => options.EvaluateEvery,
            (options, value) => options with { EvaluateEvery = value },
            0,
            long.MaxValue,
            $"Steps between evaluations; 0 evaluates only before the first and after the last."
        )
        {
            Without = "a fortieth of the steps, at least 10",
            MayChangeOnResume = true,
        },
        new WholeOption<TrainingOptions>(
            nameof(TrainingOptions.EvaluationSequences),
            "evaluation-sequences",
            options => options.EvaluationSequences,
            (options, value) => options with { EvaluationSequences = (int)value },
            1,
            int.MaxValue,
            $"Sequences of the validation text per evaluation during training."
        )
        {
            MayChangeOnResume = true,
        },
        new WholeOption<TrainingOptions>(
            nameof(TrainingOptions.FinalEvaluationSequences),
            "final-evaluation-sequences",
            options => options.FinalEvaluationSequences,
            (options, value) => options with { FinalEvaluationSequences = (int)value },
            1,
            int.MaxValue,
            $"Sequences of the validation text for the final loss."
        )
        {
            MayChangeOnResume = true,
        },
        new WholeOption<TrainingOptions>(
            nameof(TrainingOptions.CheckpointEvery),
            "checkpoint-every",
            options => options.CheckpointEvery,
            (options, value) => options with { CheckpointEvery = value },
            0,
            long.MaxValue,
            $"Steps between checkpoints; 0 saves only at the end and when stopped."
        )
        {
            Without = "a twentieth of the steps, at least 100",
            MayChangeOnResume = true,
        },
    ];

    private static readonly DeclaredOption<TrainingOptions>[] Places =
    [
        new TextOption<TrainingOptions>(
            nameof(TrainingOptions.Output),
            "output",
            options => options.Output,
            (options, value) => options with { Output = value },
            "DIR",
            $"Folder of the run."
        )
        {
            Without = "a new one under runs/MODEL",
            MayChangeOnResume = true,
            IsOfExperiments = false,
        },
        new SwitchOption<TrainingOptions>(
            nameof(TrainingOptions.Resume),
            "resume",
            options => options.Resume,
            (options, value) => options with { Resume = value },
            $"Go on from the newest checkpoint in {Of(nameof(TrainingOptions.Output))}, which must be there, or of the newest folder under runs/MODEL."
        )
        {
            MayChangeOnResume = true,
            IsOfExperiments = false,
        },
        new RealOption<TrainingOptions>(
            nameof(TrainingOptions.DenseFrom),
            "dense-from",
            options => options.DenseFrom,
            (options, value) => options with { DenseFrom = value },
            RealRange.Part,
            $"Fraction of the steps after which factors are merged into dense layers."
        )
        {
            NoValue = "nothing",
            IsOfOneVariant = true,
        },
        new TextOption<TrainingOptions>(
            nameof(TrainingOptions.From),
            "from",
            options => options.From,
            (options, value) => options with { From = value },
            "CHECKPOINT",
            $"The run or checkpoint whose weights and tokenizer the run begins with, such as an imported one."
        )
        {
            NoValue = "nothing",
            IsOfOneVariant = true,
        },
        new SwitchOption<TrainingOptions>(
            nameof(TrainingOptions.ReplaceTokenizer),
            "replace-tokenizer",
            options => options.ReplaceTokenizer,
            (options, value) => options with { ReplaceTokenizer = value },
            $"With {Of(nameof(TrainingOptions.From))}: another tokenizer than the weights were trained with, a named one or a new one. They mean nothing to its ids at first."
        )
        {
            IsOfOneVariant = true,
        },
    ];

    private static readonly DeclaredOption<TrainingOptions>[] Computing =
    [
        new TextOption<TrainingOptions>(
            nameof(TrainingOptions.Device),
            "device",
            options => options.Device,
            (options, value) => options with { Device = value },
            "NAME",
            $"cpu, cuda, or cuda:N."
        )
        {
            MayChangeOnResume = true,
        },
        new TextOption<TrainingOptions>(
            nameof(TrainingOptions.Precision),
            "precision",
            options => options.Precision,
            (options, value) => options with { Precision = value },
            "NAME",
            $"fp32, or bf16 for the products of the linear layers."
        )
        {
            Refuse = name => Devices.ComputeType(name),
        },
        new SwitchOption<TrainingOptions>(
            nameof(TrainingOptions.Tf32),
            "tf32",
            options => options.Tf32,
            (options, value) => options with { Tf32 = value },
            $"On CUDA: products of 32-bit floats in TensorFloat-32, faster, with 10 bits of fraction."
        )
        {
            // It rounds otherwise, as another device does.
            MayChangeOnResume = true,
        },
        new TextOption<TrainingOptions>(
            nameof(TrainingOptions.Sharding),
            "sharding",
            options => options.Sharding.Key(),
            (options, value) => options with { Sharding = ShardingNames.Parse(value) },
            "NAME",
            $"What several processes (mpirun, torchrun, srun) divide among them beside the sequences: none, or optimizer for its state."
        )
        {
            MayChangeOnResume = true,
            IsOfExperiments = false,
        },
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DeclaredOption<TrainingOptions>> All { get; } =
    [.. Amounts, .. EveryOptimizers, .. SomeOptimizers, .. Course, .. Places, .. Computing];

    /// <summary>The option of a property.</summary>
    public static DeclaredOption<TrainingOptions> Named(string property) => All.Single(option => option.Property == property);

    /// <summary>Refuses an option that somebody gave to an optimizer that doesn't read it.</summary>
    /// <param name="option">The option.</param>
    /// <param name="kind">The optimizer.</param>
    /// <exception cref="InputException">It belongs to another one.</exception>
    public static void RefuseOfOthers(DeclaredOption<TrainingOptions> option, OptimizerKind kind)
    {
        if (!option.IsReadBy(kind.Key()))
        {
            throw InputException.Naming(
                $"{option.Name} is an option of {string.Join(" and ", option.Owners)}, and the run trains by {kind.Key()}; leave it out, or choose another optimizer."
            );
        }
    }

    private static OptionName Of(string property) => new(property);
}
