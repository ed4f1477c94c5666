using LowRank.Training.Checkpoints;
using LowRank.Training.Conversations;
using LowRank.Training.Data;
using LowRank.Training.Files;
using LowRank.Training.Runs;

namespace LowRank.Training.Experiments;

/// <summary>
/// Looks for all that an experiment's runs read, so that what is missing is said before the first run and not after hours.
/// </summary>
/// <param name="file">The experiment.</param>
internal sealed class ExperimentInputs(ExperimentFile file)
{
    // What the runs' paths are seen from.
    private readonly string folder = Path.GetDirectoryName(Path.GetFullPath(file.Path))!;

    // A run may begin with the weights of another one of the same experiment, which isn't there yet.
    private readonly string ownRuns = Path.GetFullPath(Path.Combine(file.Output, RunStore.Runs)) + Path.DirectorySeparatorChar;

    /// <summary>Refuses devices, texts, tokenizers and checkpoints that aren't there.</summary>
    /// <param name="plans">The runs that are still to be made.</param>
    /// <exception cref="InputException">Something isn't there or can't be used; all of it is listed with its contender.</exception>
    public void Check(IEnumerable<RunPlan> plans)
    {
        // The runs of a contender read the same, in its sweep and after it.
        string[] missing =
        [
            .. plans
                .DistinctBy(plan => plan.Contender)
                .SelectMany(plan => Missing(plan).Select(what => $"{file.Path}: contender '{plan.Contender}': {what}")),
        ];
        if (missing.Length > 0)
            throw new InputException(string.Join(Environment.NewLine, missing) + Environment.NewLine + "No run was started.");
    }

    private IEnumerable<string> Missing(RunPlan plan)
    {
        Action[] checks =
        [
            () => Devices.Parse(plan.Options.Device),
            () => CheckMemory(plan),
            () => CheckStart(plan),
            () => OutputWithinText.Refuse(file.Output, "output", (plan.Conversations?.Paths ?? plan.Corpus.TextPaths).Select(Resolve)),
            () => TokenDataset.CheckInputs(Resolved(plan.Corpus), hasText: plan.Conversations is null),
            () => CheckConversations(plan),
            () =>
                TokenDataset.CheckInputs(Resolved(plan.Also ?? plan.Corpus), hasText: plan.Also is not null || plan.Conversations is null),
        ];
        // Both texts have one tokenizer.
        return checks.Select(Refusal).OfType<string>().Distinct(StringComparer.Ordinal);
    }

    private void CheckConversations(RunPlan plan)
    {
        if (plan.Conversations is not { } said)
            return;
        ConversationFiles.CheckInputs(
            said with
            {
                Paths = [.. said.Paths.Select(Resolve)],
                ChatTemplate = said.ChatTemplate is null or ConversationModel.NoTemplate ? said.ChatTemplate : Resolve(said.ChatTemplate),
            }
        );
    }

    private static void CheckMemory(RunPlan plan)
    {
        try
        {
            TrainingOptionsCheck.ValidateMemory(plan.Options, ModelLookup.Find(plan.Model), plan.Variant);
        }
        catch (InputException exception)
        {
            throw new InputException(exception.Say(OptionKeys.Of));
        }
    }

    private void CheckStart(RunPlan plan)
    {
        if (plan.Options.From is not { } from)
        {
            StartingPoint.RefuseIfNeeded(ModelLookup.Find(plan.Model), plan.Variant);
            return;
        }

        if (Resolve(from).StartsWith(ownRuns, StringComparison.Ordinal))
            return;
        // The runs themselves say which damaged checkpoints they pass over.
        var start = Checkpoint.Open(Resolve(from));
        StartingPoint.Check(start, Resolve(from), ModelLookup.Find(plan.Model), plan.Variant);
        // Weights of another declaration are read through their own.
        _ = start.FindEntry();
    }

    private CorpusOptions Resolved(CorpusOptions corpus) =>
        corpus with
        {
            TextPaths = [.. corpus.TextPaths.Select(Resolve)],
            TokenizerPath = corpus.TokenizerPath is { } tokenizer ? Resolve(tokenizer) : null,
        };

    private string Resolve(string path) => Path.GetFullPath(path, folder);

    private static string? Refusal(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (InputException exception)
        {
            return exception.Say(OptionKeys.Of);
        }
    }
}
