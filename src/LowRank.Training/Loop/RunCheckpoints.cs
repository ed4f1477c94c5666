using LowRank.Models;
using LowRank.Training.Checkpoints;
using LowRank.Training.Distributed;
using LowRank.Training.Runs;
using LowRank.Training.SafeTensors;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Loop;

/// <summary>The checkpoints that a run writes: what is in them, and that no diverged weights are.</summary>
/// <param name="job">The run.</param>
/// <param name="saving">Writes them; null for a run that saves none.</param>
/// <param name="companions">The files that every checkpoint keeps beside its tokenizer.</param>
/// <param name="resumed">The one from which the run goes on, or null.</param>
internal sealed class RunCheckpoints(TrainingJob job, CheckpointSaving? saving, CompanionFiles companions, Checkpoint? resumed)
{
    private readonly TrainingOptions options = job.Options;
    private long? saved = resumed?.Info.Step;

    /// <summary>The folder of the newest checkpoint; null before the first.</summary>
    public string? Newest { get; private set; } = resumed?.Folder;

    /// <summary>Compares what the run will write with what is free.</summary>
    /// <returns>What to warn of, or null.</returns>
    /// <exception cref="NoSpaceException">There is no room for a single checkpoint.</exception>
    public string? CheckRoom(CurrentModel current) => resumed?.Info.Step == options.Steps ? null : saving?.CheckRoom(Bytes(current));

    /// <summary>Whether a checkpoint in the course of the run is due after so many steps.</summary>
    public bool IsDue(long step) => options.CheckpointEvery > 0 && step % options.CheckpointEvery == 0 && step < options.Steps;

    /// <summary>Saves in the course of the run.</summary>
    /// <exception cref="TrainingDivergedException">A weight is infinite or no number.</exception>
    public void Save(CurrentModel current, long step, RunLog log)
    {
        log.Read();
        using var pause = log.Clock.Pause();
        RefuseDiverged(current.Model, step);
        Exchange(
            current,
            exchange =>
            {
                if (saving?.Try(step, Bytes(current), Writer(current, exchange, step, log.Totals)) is { } folder)
                    (Newest, saved) = (folder, step);
            }
        );
    }

    /// <summary>Saves at the end of the run, or when it was stopped, unless that step was saved already.</summary>
    /// <exception cref="TrainingDivergedException">A weight is infinite or no number.</exception>
    /// <exception cref="CheckpointNotSavedException">It could not be saved in time.</exception>
    public void SaveLast(CurrentModel current, long step, RunTotals totals, CancellationToken stop)
    {
        if (options.Output is null || IsSaved(step))
            return;
        RefuseDiverged(current.Model, step);
        Exchange(current, exchange => Newest = saving!.Insist(step, Bytes(current), Writer(current, exchange, step, totals), stop));
    }

    // The first rank alone knows whether a disk was full.
    private bool IsSaved(long step)
    {
        Span<double> known = [saved == step ? 1 : 0];
        job.Group?.Collectives.Sum(known);
        return known[0] > 0;
    }

    // The first rank writes; the others send it what they keep.
    private void Exchange(CurrentModel current, Action<StateExchange> write)
    {
        if (options.Output is null)
            return;
        var exchange = new StateExchange(current.Parameters);
        if (!job.Saves)
        {
            exchange.Serve();
            return;
        }

        write(exchange);
        exchange.Done();
    }

    private void RefuseDiverged(LanguageModel model, long step)
    {
        if (Divergence.FindIn(model) is { } name)
            throw Divergence.At(
                $"Step {step} diverged: '{name}' holds values that are infinite or no numbers after it",
                step,
                step,
                options
            );
    }

    private long Bytes(CurrentModel current) =>
        current.Model.SavedTensors.Sum(named => named.Tensor.NumberOfElements * named.Tensor.ElementSize)
        + OptimizerState.Bytes(current.Parameters)
        + new FileInfo(job.Data.TokenizerPath).Length
        + companions.Bytes;

    private Func<string, CheckpointInfo> Writer(CurrentModel current, StateExchange exchange, long step, RunTotals totals) =>
        folder =>
        {
            var (model, parameters) = (current.Model, current.Parameters);
            SafeTensorsFile.Write(Path.Combine(folder, Checkpoint.ModelFile), [.. model.SavedTensors]);
            OptimizerState.Save(folder, exchange);
            // What was copied from a device after another rank has failed may be wrong.
            job.Group?.Collectives.Wait();
            job.Data.Tokenizer.Save(Path.Combine(folder, Checkpoint.TokenizerFile));
            companions.Write(folder);
            return new CheckpointInfo
            {
                Model = job.Entry.FullName,
                Variant = current.Variant,
                Vocabulary = model.Vocabulary,
                Step = step,
                Options = options,
                Changes = current.Changes,
                DataFingerprint = job.Data.Fingerprint,
                Guides =
                [
                    .. model
                        .named_parameters()
                        .Select(named => named.name)
                        .Where(name => name.EndsWith(".guide", StringComparison.Ordinal)),
                ],
                Updates = OptimizerState.Updates(parameters),
                Totals = totals,
                Files = [],
            };
        };
}
