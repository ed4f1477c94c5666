using System.CommandLine;
using LowRank.Training.Data;
using LowRank.Training.Files;
using LowRank.Training.Runs;
using LowRank.Training.Runs.Options;
using LowRank.Training.Wording;

namespace LowRank.Training.CommandLine.Options;

/// <summary>The options of a training run. What is not given comes from the program's defaults, then from the declaration.</summary>
/// <param name="isFineTuning">Whether a trained model is trained on.</param>
/// <param name="isComparison">Whether several runs go into the folder.</param>
internal sealed class TrainingOptionSet(bool isFineTuning = false, bool isComparison = false)
{
    private readonly BoundOption<TrainingOptions>[] declared =
    [
        .. DeclaredTrainingOptions
            .All.Where(option => !DeviceOptionSet.Has(option.Property))
            .Select(option => new BoundOption<TrainingOptions>(option, NoOptions, isFineTuning)),
    ];

    private readonly Option<double?> saveRetry = NumberOption.Real(
        "--save-retry",
        "Hours for which saving the last checkpoint is tried again. Without it: without end on a terminal, else 24.",
        value => value is >= 0 and <= 8_760,
        "from 0 to 8760"
    );

    private readonly DeviceOptionSet device = new();

    // Whether the folder of what was read is one that nobody has named.
    private bool isChosen;

    /// <summary>What is shown as defaults.</summary>
    internal static TrainingOptions NoOptions { get; } =
        new()
        {
            Steps = UsualValues.Steps,
            SequencesPerStep = UsualValues.SequencesPerStep,
            SequencesPerMicroBatch = 1,
            Context = 1,
        };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withFrom">Whether the run can begin with the weights of a checkpoint, which are those of one variant.</param>
    public void AddTo(Command command, bool withFrom)
    {
        foreach (var bound in declared.Where(bound => withFrom || !bound.Declared.IsOfOneVariant))
            command.Options.Add(bound.Option);
        command.Options.Add(saveRetry);
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
        var given = new GivenFlags(arguments, declared);
        if (usual?.Optimizer is { } needed && given.Optimizer is { } kind && kind != needed)
            throw new InputException(
                $"The method trains by {needed.Key()}, not by {kind.Key()}; leave --optimizer out, or choose another --method."
            );
        var options = RunDefaults.Complete(entry, given, defaults, usual);
        var (where, precision, tf32) = device.Apply(app, arguments, options.Device, options.Precision, options.Tf32);
        if (app.Ranks is { IsRestarted: true })
            options = options with { Resume = true };
        if (options.Output is { } folder && options.Resume && given.Has(nameof(TrainingOptions.Resume)))
            RunFolder.RefuseWithoutRun(folder);
        isChosen = options is { Output: null, Resume: false };
        options = options with { Device = where, Precision = precision, Tf32 = tf32, Output = options.Output ?? Choose() };
        TrainingOptionsCheck.Validate(options, entry.Cost);
        if (app.Ranks?.Group is { } group)
            TrainingOptionsCheck.ValidateRanks(options, group.World);
        RunFolder.Check(options.Output);
        RunFolder.RefuseOtherKind(options.Output, isComparison);
        return options;

        string Choose()
        {
            string ByTime() => RunFolder.Choose(entry.Name, options.Resume);
            return app.Ranks is null ? ByTime() : app.Ranks.Agree(ByTime);
        }
    }

    /// <summary>Refuses a folder that another program holds, before long work; one that nobody has named is taken.</summary>
    /// <param name="app">The program.</param>
    /// <param name="entry">The model.</param>
    /// <param name="options">What <see cref="Read"/> gave; a folder that nobody has named may become another one.</param>
    /// <exception cref="InputException">Another program holds it.</exception>
    public RunLock? Reserve(AppSession app, ModelEntry entry, ref TrainingOptions options) =>
        RunFolder.Reserve(app, entry.Name, isChosen, ref options);

    /// <summary>Says where the text has fewer sequences than a step or an evaluation was told to read.</summary>
    /// <param name="app">The program.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="options">What it said.</param>
    /// <param name="data">The text.</param>
    /// <exception cref="InputException">The text has not one.</exception>
    public void NoteShortText(AppSession app, ParseResult arguments, TrainingOptions options, TokenDataset data)
    {
        var sampler = new BatchSampler(data, options.Context, options.SequencesPerStep, options.Seed);
        for (var source = 0; source < sampler.Sources; source++)
        {
            var read = sampler.SequencesOf(source, steps: 1);
            if (read > sampler.WindowsPerEpoch(source))
            {
                var text = data.Mixture is { } mixture ? $"training text '{mixture.Names[source]}'" : "training text";
                app.Say(
                    $"Note: a step reads {Quantity.Count(read)} sequences, and the {text} has {Quantity.Count(sampler.WindowsPerEpoch(source))} of "
                        + $"{Quantity.Count(options.Context)} tokens; some are read more than once in a step."
                );
            }
        }

        var evaluationSequences = Array.Find(declared, bound => bound.Declared.Property == nameof(TrainingOptions.EvaluationSequences))!;
        var validation = ValidationWindows.CountOf(data, options.Context);
        if (arguments.Has(evaluationSequences.Option) && options.EvaluationSequences > validation)
        {
            app.Say(
                $"Note: {evaluationSequences.Option.Name} {options.EvaluationSequences} is more than the {Quantity.Count(validation)} sequences of "
                    + $"{Quantity.Count(options.Context)} tokens that the validation text has; all of them are read."
            );
        }
    }
}
