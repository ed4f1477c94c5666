using LowRank.Models;
using LowRank.Training.Runs;
using LowRank.Training.Tokenization;
using LowRank.Training.Wording;

namespace LowRank.Training.Evaluation.Tasks;

/// <summary>
/// Multiple-choice and cloze tasks, by the definitions of EleutherAI's lm-evaluation-harness: a choice is scored by the summed
/// log-probability of its tokens behind the context.
/// </summary>
/// <example>
/// <code>
/// var result = TaskEvaluator.Evaluate(model, tokenizer, "hellaswag_val.jsonl");
/// Console.WriteLine($"{result.NormalizedAccuracy!.Value:0.000} ± {result.NormalizedAccuracy.StandardError:0.000}");
/// </code>
/// </example>
public static class TaskEvaluator
{
    private const string BetweenExamples = "\n\n";

    // So many are in memory, and sorted by length.
    private const int ChoicesAtOnce = 4_096;

    /// <summary>Evaluates a model on a task.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="path">The task's file: one JSON object a line, of one <see cref="TaskForm"/> throughout.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="stop">Ends the work.</param>
    /// <exception cref="InputException">
    /// A file can't be read or a line is no record of the form, which is named with file, line and key; or the model predicts no next
    /// tokens.
    /// </exception>
    /// <exception cref="OperationCanceledException">It is stopped.</exception>
    public static TaskResult Evaluate(
        LanguageModel model,
        Tokenizer tokenizer,
        string path,
        TaskOptions? options = null,
        CancellationToken stop = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(path);
        NextTokens.Require(model.Accounting);
        options ??= new TaskOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.Shots);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Limit ?? 1, 1);
        var context = options.Context ?? model.Context;
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(context, model.Context);
        var splitting = new TaskTokens(tokenizer, context);
        using var file = TaskFile.Open(path, options.Form, stop);
        TaskScores? scores = null;
        var examples = "";
        var left = options.Limit ?? int.MaxValue;
        while (left > 0 && file.Read(left, ChoicesAtOnce) is { Count: > 0 } documents)
        {
            if (scores is null)
            {
                scores = new TaskScores(file.Form);
                examples = Examples(options, file.Form, stop);
            }

            left -= documents.Count;
            Score(model, splitting, examples, documents, scores, stop);
        }

        return scores?.Result(path) ?? throw file.Empty();
    }

    private static string Examples(TaskOptions options, TaskForm form, CancellationToken stop)
    {
        var (shots, file) = (new OptionName(nameof(TaskOptions.Shots)), new OptionName(nameof(TaskOptions.ShotsPath)));
        if (options.Shots > 0 != options.ShotsPath is not null)
            throw InputException.Naming(
                $"{shots} says how many answered questions stand before each one, and {file} where they come from; give both, or neither."
            );
        if (options.ShotsPath is not { } path)
            return "";
        using var examples = TaskFile.Open(path, form, stop);
        var documents = examples.Read(options.Shots);
        if (documents.Count < options.Shots)
            throw InputException.Naming($"'{path}' holds {documents.Count} records, and {shots} asks for {options.Shots}; lower it.");
        return string.Concat(documents.Select(document => document.Example + BetweenExamples));
    }

    private static void Score(
        LanguageModel model,
        TaskTokens splitting,
        string examples,
        List<TaskDocument> documents,
        TaskScores scores,
        CancellationToken stop
    )
    {
        var texts = new List<ScoredText>();
        foreach (var document in documents)
        {
            stop.ThrowIfCancellationRequested();
            texts.AddRange(
                document.Requests.Select(request => splitting.Split(request with { Context = examples + request.Context }, document.Place))
            );
        }

        var all = ContinuationScores.Of(model, texts, stop);
        var first = 0;
        foreach (var document in documents)
        {
            var count = document.Requests.Count;
            scores.Add(document, [.. texts.GetRange(first, count)], all.AsSpan(first, count));
            first += count;
        }
    }
}
