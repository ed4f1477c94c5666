using LowRank.Layers;
using LowRank.Training.Checkpoints;
using LowRank.Training.FineTuning;
using LowRank.Training.Runs;
using LowRank.Training.Tokenization;
using LowRank.Training.Weights;
using LowRank.Training.Wording;

namespace LowRank.Training.Loop;

/// <summary>
/// Where a run begins: with drawn weights, with those of a checkpoint, or where an earlier sitting of the same run has stopped.
/// </summary>
internal sealed class RunBeginning
{
    private readonly TrainingJob job;
    private readonly Checkpoint? opened;
    private Checkpoint? start;
    private IReadOnlyList<FactoredWeight>? transferred;

    private RunBeginning(TrainingJob job, Checkpoint? resumed, Checkpoint? opened, IEnumerable<string> passedOver)
    {
        (this.job, this.opened) = (job, opened);
        (Resumed, PassedOver) = (resumed, passedOver);
    }

    /// <summary>The checkpoint from which the run goes on; null for a new run.</summary>
    public Checkpoint? Resumed { get; }

    /// <summary>Damaged checkpoints that are newer.</summary>
    public IEnumerable<string> PassedOver { get; }

    /// <summary>
    /// What came with the weights beside their tokenizer; known once the model is there. Another tokenizer has none of it.
    /// </summary>
    public CompanionFiles Companions { get; private set; } = CompanionFiles.None;

    /// <summary>Steps taken before.</summary>
    public long Step => Resumed?.Info.Step ?? 0;

    /// <summary>Looks for it.</summary>
    /// <param name="job">The run.</param>
    /// <param name="opened">The checkpoint that <see cref="TrainingOptions.From"/> names, where it is open already.</param>
    /// <exception cref="InputException">The run can't go on from there, or its variant can't begin without weights.</exception>
    public static RunBeginning Find(TrainingJob job, Checkpoint? opened)
    {
        var resumed = FindCheckpoint(job, out var passedOver);
        if (resumed is null && job.Options.From is null)
            StartingPoint.RefuseIfNeeded(job.Entry, job.Variant);
        return new RunBeginning(job, resumed, opened, passedOver);
    }

    /// <summary>
    /// Refuses, before a text is prepared for minutes, what <see cref="Find"/> would refuse whatever the text is. Checkpoints are not read
    /// whole: one that is damaged is found later.
    /// </summary>
    /// <param name="entry">The model.</param>
    /// <param name="variant">How it is to be trained.</param>
    /// <param name="options">The run.</param>
    /// <exception cref="InputException">The run can't begin or go on so.</exception>
    public static void Check(ModelEntry entry, Variant variant, TrainingOptions options)
    {
        if (options.Output is { } output && new CheckpointFolder(output).NewestInfo() is { } newest)
            RefuseOther(newest, entry, variant, text: null, options);
        else if (options.From is null)
            StartingPoint.RefuseIfNeeded(entry, variant);
    }

    /// <summary>Builds the model with its weights, its flat parameters and its optimizer.</summary>
    /// <exception cref="InputException">
    /// The text doesn't fit the model, the checkpoint doesn't, or a module of the model sees later tokens.
    /// </exception>
    public CurrentModel CreateModel()
    {
        if (Resumed is not null || job.Options.From is not { } from)
            return Build();
        return NewestCheckpoint.Read(
            from,
            opened,
            job.Observer.Warned,
            found =>
            {
                StartingPoint.Check(found, from, job.Entry, job.Variant);
                start = found;
                return Build();
            }
        );
    }

    /// <summary>What an earlier sitting has counted; a new run begins with the model's parameters.</summary>
    public RunTotals Totals(CurrentModel current) =>
        Resumed?.Info.Totals.Resumed(job.Options.Steps) ?? new RunTotals { ParametersAtStart = current.CountParameters() };

    /// <summary>Tells the observer what begins.</summary>
    /// <param name="trained">How the model is trained.</param>
    /// <param name="shortage">What to warn of on the disk of the checkpoints; null for nothing.</param>
    public void Announce(Variant trained, string? shortage)
    {
        job.Observer.Started(job.Entry.Name, trained, Step, job.Options.Steps);
        if (shortage is not null)
            job.Observer.Warned(shortage);
        if (transferred is not null)
            job.Observer.WeightsTransferred(start!.Info.Model, FoldsAdapters(start) ? Variant.Lora : start.Info.Variant, transferred);
    }

    // A fine-tuning goes on with them.
    private bool FoldsAdapters(Checkpoint from) => from.Info.Changes is { Adapted.Count: > 0 } && job.Options.FineTuning is null;

    private CurrentModel Build()
    {
        var options = job.Options;
        var stage = Resumed?.Info.Variant ?? job.Variant;
        var model = Variants.Create(
            job.Entry,
            stage,
            new ModelOptions
            {
                Device = Devices.ForComputing(options.Device),
                ComputeType = Devices.ComputeType(options.Precision),
                Seed = options.Seed,
                Initialize = Resumed is null && start is null,
            }
        );
        try
        {
            if (job.Data.Tokenizer.VocabularySize > model.Vocabulary)
            {
                throw new InputException(
                    $"The tokenizer has {job.Data.Tokenizer.VocabularySize} entries and {job.Entry.Name} has a vocabulary of {model.Vocabulary}; "
                        + "declare a larger vocabulary or use a smaller tokenizer."
                );
            }

            if (start is not null)
                StartingPoint.CheckTokenizer(start, job.Data.Tokenizer, options);
            if (Resumed is not null || !options.ReplaceTokenizer)
                Companions = (Resumed ?? start)?.Companions() ?? CompanionFiles.None;
            Companions = job.Data.Companions ?? Companions;
            var changes = (Resumed ?? start)?.Info.Changes;
            if (start is null || (StartingPoint.IsOf(start, job.Entry, job.Variant) && !FoldsAdapters(start)))
                (Resumed ?? start)?.LoadParameters(model, widens: Resumed is null);
            else
                (transferred, changes) = (StartingPoint.Transfer(start, model), null);
            if (start is not null)
            {
                changes = FineTuner.Begin(model, options, changes);
                MemoryWatch.ReturnUnusedMemory(); // The weights that became factors.
            }

            CausalityCheck.Require(model, options.Context);
            return new CurrentModel(job.Entry, stage, model, changes, options, job.Group);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static Checkpoint? FindCheckpoint(TrainingJob job, out IEnumerable<string> passedOver)
    {
        passedOver = [];
        var options = job.Options;
        if (options.Output is null)
            return null;
        var search = CheckpointSearch.In(options.Output);
        search.Report(job.Observer.Warned);
        passedOver = search.PassedOver.Select(damaged => damaged.Folder);
        var newest = search.Newest;
        if (newest is not null)
            RefuseOther(newest.Info, job.Entry, job.Variant, job.Data.Fingerprint, options);
        return newest;
    }

    // A run goes on as what it was, and a new run must not write among the checkpoints of another one.
    private static void RefuseOther(CheckpointInfo newest, ModelEntry entry, Variant variant, string? text, TrainingOptions options)
    {
        if (newest.DataFingerprint == CheckpointInfo.NoText)
            throw InputException.Naming(
                $"'{options.Output}' holds a model that was imported or saved, which is no run that could go on; train it by {new OptionName(nameof(TrainingOptions.From))}, into another {new OptionName(nameof(TrainingOptions.Output))}."
            );
        if (!options.Resume)
        {
            throw newest.Step >= newest.Options.Steps
                ? InputException.Naming(
                    $"'{options.Output}' holds a run that has finished its {newest.Options.Steps} steps; choose another {new OptionName(nameof(TrainingOptions.Output))}."
                )
                : InputException.Naming(
                    $"'{options.Output}' holds a run that stands at step {newest.Step} of {newest.Options.Steps}; add {new OptionName(nameof(TrainingOptions.Resume))} to go on, or choose another {new OptionName(nameof(TrainingOptions.Output))}."
                );
        }

        ResumeCheck.Validate(newest, entry, variant, text, options);
    }
}
