using System.Text;

namespace LowRank.Training.Evaluation.Tasks;

/// <summary>Collects the scores of a task's questions.</summary>
internal sealed class TaskScores(TaskForm form)
{
    private readonly List<double> right = [];
    private readonly List<double> byLetters = [];
    private readonly List<double> byBytes = [];
    private readonly List<double> targets = [];
    private int cut;

    /// <summary>Adds a question.</summary>
    /// <param name="document">The question.</param>
    /// <param name="texts">Its choices in tokens.</param>
    /// <param name="scores">Their scores.</param>
    public void Add(TaskDocument document, ReadOnlySpan<ScoredText> texts, ReadOnlySpan<ContinuationScore> scores)
    {
        foreach (var text in texts)
            cut += text.IsCut ? 1 : 0;
        if (!form.IsChoice())
        {
            right.Add(scores[0].IsGreedy ? 1 : 0);
            targets.Add(scores[0].LogLikelihood);
            return;
        }

        right.Add(IsRight(document, scores, _ => 1));
        byLetters.Add(IsRight(document, scores, choice => choice.EnumerateRunes().Count()));
        byBytes.Add(IsRight(document, scores, Encoding.UTF8.GetByteCount));
    }

    /// <summary>What the model has reached.</summary>
    /// <param name="path">The task's file.</param>
    public TaskResult Result(string path)
    {
        // The choices of a gap are not what is scored.
        var hasLengths = form.IsChoice() && form != TaskForm.WinoGrande;
        return new TaskResult
        {
            Path = path,
            Form = form,
            Questions = right.Count,
            Accuracy = TaskMetric.Of(right),
            NormalizedAccuracy = hasLengths ? TaskMetric.Of(byLetters) : null,
            ByteNormalizedAccuracy = hasLengths ? TaskMetric.Of(byBytes) : null,
            Perplexity = form.IsChoice() ? null : Math.Exp(-targets.Average()),
            Cut = cut,
        };
    }

    // Of equal ones the first counts.
    private static double IsRight(TaskDocument document, ReadOnlySpan<ContinuationScore> scores, Func<string, int> length)
    {
        var (best, highest) = (0, double.NegativeInfinity);
        for (var choice = 0; choice < scores.Length; choice++)
        {
            var score = scores[choice].LogLikelihood / length(document.Requests[choice].Choice);
            if (score > highest)
                (best, highest) = (choice, score);
        }

        return best == document.Answer ? 1 : 0;
    }
}
