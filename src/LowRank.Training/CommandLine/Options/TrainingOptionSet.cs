using System.CommandLine;
using LowRank.Costs;
using LowRank.Training.Data;
using LowRank.Training.Runs;
using LowRank.Training.Wording;

namespace LowRank.Training.CommandLine.Options;

/// <summary>The options of a training run. What is not given comes from the program's defaults, then from the declaration.</summary>
internal sealed class TrainingOptionSet
{
    private readonly Option<long?> steps = NumberOption.Whole("--steps", "Optimizer steps. Without it: the declared tokens.", 1);
    private readonly Option<long?> batch = NumberOption.Whole("--batch", "Sequences in one optimizer step.", 1, int.MaxValue);
    private readonly Option<long?> microBatch = NumberOption.Whole(
        "--micro-batch",
        "Sequences in one forward and backward pass; divides --batch.",
        1,
        int.MaxValue
    );

    private readonly Option<long?> context = NumberOption.Whole(
        "--context",
        "Tokens in one sequence. Without it: the declared context.",
        1,
        int.MaxValue
    );
    private readonly Option<string?> optimizer = new("--optimizer")
    {
        Description = "adamw, muon, spectron or galore; galore brings its own defaults for learning rate, decay and β₂.",
        HelpName = "NAME",
    };

    private readonly Option<double?> momentum = NumberOption.Real(
        "--momentum",
        "Momentum of muon and spectron. Without it: 0.95 and 0.9.",
        value => value is >= 0 and < 1,
        "from 0 to below 1"
    );
    private readonly Option<double?> spectronRate = NumberOption.Real(
        "--spectron-rate",
        "Peak learning rate of spectron's factors.",
        value => value > 0,
        "above 0"
    );
    private readonly Option<double?> denseFrom = NumberOption.Real(
        "--dense-from",
        "Fraction of the steps after which factors are merged into dense layers.",
        value => value is > 0 and < 1,
        "above 0 and below 1"
    );

    private readonly Option<long?> galoreRank = NumberOption.Whole(
        "--galore-rank",
        "Rank to which galore projects gradients.",
        1,
        int.MaxValue
    );
    private readonly Option<long?> galoreGap = NumberOption.Whole("--galore-gap", "Steps between galore's projections.", 1, int.MaxValue);
    private readonly Option<double?> galoreScale = NumberOption.Real(
        "--galore-scale",
        "What galore's update is multiplied by.",
        value => value > 0,
        "above 0"
    );
    private readonly Option<long?> logEvery = NumberOption.Whole(
        "--log-every",
        "Steps between readings of loss and norm from the device. Without it: 1 on the CPU, 10 on CUDA.",
        1,
        int.MaxValue
    );

    private readonly Option<double?> learningRate = NumberOption.Real(
        "--learning-rate",
        "Peak learning rate.",
        value => value > 0,
        "above 0"
    );
    private readonly Option<double?> warmup = NumberOption.Real(
        "--warmup",
        "Fraction of the steps over which the rate rises.",
        value => value is >= 0 and <= 1,
        "from 0 to 1"
    );
    private readonly Option<double?> weightDecay = NumberOption.Real(
        "--weight-decay",
        "Decoupled weight decay.",
        value => value >= 0,
        "of at least 0"
    );
    private readonly Option<double?> beta2 = NumberOption.Real(
        "--beta2",
        "β₂ of AdamW.",
        value => value is >= 0 and < 1,
        "from 0 to below 1"
    );
    private readonly Option<double?> clip = NumberOption.Real(
        "--clip",
        "Largest norm of the whole gradient.",
        value => value > 0,
        "above 0"
    );
    private readonly Option<long?> seed = NumberOption.Whole(
        "--seed",
        "Seed of weights, order of the data and guide draws.",
        long.MinValue
    );
    private readonly Option<long?> evaluateEvery = NumberOption.Whole("--evaluate-every", "Steps between evaluations.", 1);
    private readonly Option<long?> evaluationSequences = NumberOption.Whole(
        "--evaluation-sequences",
        "Sequences of the validation text per evaluation during training.",
        1,
        int.MaxValue
    );
    private readonly Option<long?> checkpointEvery = NumberOption.Whole(
        "--checkpoint-every",
        "Steps between checkpoints; 0 saves only at the end and when stopped.",
        0
    );

    private readonly Option<double?> saveRetry = NumberOption.Real(
        "--save-retry",
        "Hours for which saving the last checkpoint is tried again. Without it: without end on a terminal, else 24.",
        value => value is >= 0 and <= 8_760,
        "from 0 to 8760"
    );

    private readonly Option<string?> output = new("--output")
    {
        Description = "Folder of the run. Without it: a new one under runs/MODEL.",
        HelpName = "DIR",
    };

    private readonly Option<string?> from = new("--from")
    {
        Description = "The run or checkpoint whose weights and tokenizer the run begins with, such as an imported one.",
        HelpName = "CHECKPOINT",
    };

    private readonly Option<bool> replaceTokenizer = new("--replace-tokenizer")
    {
        Description =
            "With --from: another tokenizer than the weights were trained with, that of --tokenizer or a new one. They mean nothing to its ids at first.",
    };

    private readonly Option<bool> resume = new("--resume")
    {
        Description = "Go on from the newest checkpoint in --output, which must be there, or of the newest folder under runs/MODEL.",
    };

    private readonly DeviceOptionSet device = new();

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withFrom">Whether the run can begin with the weights of a checkpoint, which are those of one variant.</param>
    public void AddTo(Command command, bool withFrom)
    {
        Option[] all =
        [
            steps,
            batch,
            microBatch,
            context,
            optimizer,
            learningRate,
            warmup,
            weightDecay,
            beta2,
            clip,
            momentum,
            spectronRate,
            galoreRank,
            galoreGap,
            galoreScale,
            seed,
            logEvery,
            evaluateEvery,
            evaluationSequences,
            checkpointEvery,
            saveRetry,
            output,
            resume,
        ];
        foreach (var option in all)
            command.Options.Add(option);
        if (withFrom)
        {
            command.Options.Add(denseFrom);
            command.Options.Add(from);
            command.Options.Add(replaceTokenizer);
        }

        device.AddTo(command);
    }

    /// <summary>How long saving the last checkpoint is tried again; null where nothing is said.</summary>
    /// <param name="arguments">The command line.</param>
    public TimeSpan? SaveRetry(ParseResult arguments) => arguments.GetValue(saveRetry) is { } hours ? TimeSpan.FromHours(hours) : null;

    /// <summary>What they say, checked against the model; a folder for the run is always chosen.</summary>
    /// <param name="app">The program.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="entry">The model.</param>
    /// <param name="defaults">The program's defaults for this model, or null.</param>
    /// <param name="usual">What a method of fine-tuning starts with; null for what training does.</param>
    /// <exception cref="InputException">The options don't fit the model or each other.</exception>
    public TrainingOptions Read(
        AppSession app,
        ParseResult arguments,
        ModelEntry entry,
        TrainingOptions? defaults,
        UsualOptions? usual = null
    )
    {
        var declared = entry.Cost.Run;
        var length = (int?)arguments.GetValue(context) ?? usual?.Context ?? defaults?.Context ?? entry.Cost.Context;
        var sequences =
            (int?)arguments.GetValue(batch) ?? defaults?.SequencesPerStep ?? declared?.SequencesPerStep ?? UsualValues.SequencesPerStep;
        var micro =
            (int?)arguments.GetValue(microBatch)
            ?? UsualValues.DividingMicroBatch(
                sequences,
                defaults?.SequencesPerMicroBatch ?? declared?.SequencesPerMicroBatch ?? UsualValues.SequencesPerMicroBatch(length)
            );
        var total =
            arguments.GetValue(steps)
            ?? defaults?.Steps
            ?? (declared is null ? UsualValues.Steps : Math.Max(1, TrainingFlopFormula.Steps(declared.Tokens, sequences, length)));
        var options = (
            defaults
            ?? new TrainingOptions
            {
                Steps = total,
                SequencesPerStep = sequences,
                SequencesPerMicroBatch = micro,
                Context = length,
                EvaluateEvery = UsualValues.EvaluateEvery(total),
                CheckpointEvery = UsualValues.CheckpointEvery(total),
            }
        ) with
        {
            Steps = total,
            SequencesPerStep = sequences,
            SequencesPerMicroBatch = micro,
            Context = length,
        };
        var kind = arguments.GetValue(optimizer) is { } name ? OptimizerKinds.Parse(name) : usual?.Optimizer;
        // A declaration says how its model is trained, not how it is trained on; and its rate is that of its optimizer.
        if (defaults is null && usual is null && kind is null)
            options = options.AsDeclared(declared);
        if (usual?.Optimizer is { } needed && kind != needed)
            throw new InputException(
                $"The method trains by {needed.Key()}, not by {kind!.Value.Key()}; leave --optimizer out, or choose another --method."
            );
        if (kind is { } chosen)
            options = options.WithOptimizer(chosen);
        (Option Option, string Property)[] owned =
        [
            (momentum, nameof(TrainingOptions.Momentum)),
            (spectronRate, nameof(TrainingOptions.SpectronLearningRate)),
            (galoreRank, nameof(TrainingOptions.GaLoreRank)),
            (galoreGap, nameof(TrainingOptions.GaLoreGap)),
            (galoreScale, nameof(TrainingOptions.GaLoreScale)),
        ];
        foreach (var (option, property) in owned.Where(owner => arguments.Has(owner.Option)))
            OptimizerOptions.Refuse(property, option.Name, options.Optimizer);
        options = options with
        {
            Momentum = arguments.GetValue(momentum) ?? options.Momentum,
            DenseFrom = arguments.GetResult(denseFrom) is null ? options.DenseFrom : arguments.GetValue(denseFrom),
            SpectronLearningRate = arguments.GetValue(spectronRate) ?? options.SpectronLearningRate,
            GaLoreRank = (int?)arguments.GetValue(galoreRank) ?? options.GaLoreRank,
            GaLoreGap = (int?)arguments.GetValue(galoreGap) ?? options.GaLoreGap,
            GaLoreScale = arguments.GetValue(galoreScale) ?? options.GaLoreScale,
            LogEvery = (int?)arguments.GetValue(logEvery) ?? options.LogEvery,
            LearningRate = arguments.GetValue(learningRate) ?? usual?.LearningRate ?? options.LearningRate,
            WarmupFraction = arguments.GetValue(warmup) ?? options.WarmupFraction,
            WeightDecay = arguments.GetValue(weightDecay) ?? options.WeightDecay,
            Beta2 = arguments.GetValue(beta2) ?? options.Beta2,
            ClipNorm = arguments.GetValue(clip) ?? options.ClipNorm,
            Seed = arguments.GetValue(seed) ?? options.Seed,
            EvaluateEvery = arguments.GetValue(evaluateEvery) ?? options.EvaluateEvery,
            EvaluationSequences = (int?)arguments.GetValue(evaluationSequences) ?? options.EvaluationSequences,
            CheckpointEvery = arguments.GetValue(checkpointEvery) ?? options.CheckpointEvery,
            From = arguments.GetResult(from) is null ? options.From : arguments.GetValue(from),
            ReplaceTokenizer = arguments.GetValue(replaceTokenizer) || options.ReplaceTokenizer,
            Resume = arguments.GetValue(resume) || options.Resume,
        };
        var (where, precision) = device.Apply(app, arguments, options.Device, options.Precision);
        var folder = arguments.GetValue(output) ?? options.Output;
        if (folder is not null && arguments.GetValue(resume))
            RunFolder.RefuseWithoutRun(folder);
        options = options with { Device = where, Precision = precision, Output = folder ?? RunFolder.Choose(entry.Name, options.Resume) };
        TrainingOptionsCheck.Validate(options, entry.Cost);
        RunFolder.Check(options.Output);
        return options;
    }

    /// <summary>Says where the text has fewer sequences than a step or an evaluation was told to read.</summary>
    /// <param name="app">The program.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="options">What it said.</param>
    /// <param name="data">The text.</param>
    /// <exception cref="InputException">The text has not one.</exception>
    public void NoteShortText(AppSession app, ParseResult arguments, TrainingOptions options, TokenDataset data)
    {
        var training = new BatchSampler(data.Training, options.Context, options.SequencesPerStep, options.Seed).WindowsPerEpoch;
        if (options.SequencesPerStep > training)
        {
            app.Say(
                $"Note: a step reads {Quantity.Count(options.SequencesPerStep)} sequences, and the training text has {Quantity.Count(training)} of "
                    + $"{Quantity.Count(options.Context)} tokens; some are read more than once in a step."
            );
        }

        var validation = new ValidationWindows(data.Validation, options.Context).Count;
        if (arguments.Has(evaluationSequences) && options.EvaluationSequences > validation)
        {
            app.Say(
                $"Note: {evaluationSequences.Name} {options.EvaluationSequences} is more than the {Quantity.Count(validation)} sequences of "
                    + $"{Quantity.Count(options.Context)} tokens that the validation text has; all of them are read."
            );
        }
    }
}
