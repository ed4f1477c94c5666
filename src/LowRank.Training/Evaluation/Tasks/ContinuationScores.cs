using LowRank.Kernels;
using LowRank.Models;
using static TorchSharp.torch;

namespace LowRank.Training.Evaluation.Tasks;

/// <summary>How likely a model holds a continuation.</summary>
/// <param name="LogLikelihood">The sum of its tokens' log-probabilities, in nats.</param>
/// <param name="IsGreedy">Whether each token is the likeliest one, so that the model would write it by itself.</param>
internal sealed record ContinuationScore(double LogLikelihood, bool IsGreedy);

/// <summary>Scores continuations, several texts of similar length at once.</summary>
internal static class ContinuationScores
{
    private const int TokensPerBatch = 4096;

    /// <summary>The scores, in the order of the texts.</summary>
    /// <param name="model">The model.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="stop">Ends the work between batches.</param>
    /// <exception cref="InputException">A log-probability is no number.</exception>
    /// <exception cref="OperationCanceledException">It is stopped.</exception>
    public static ContinuationScore[] Of(LanguageModel model, IReadOnlyList<ScoredText> texts, CancellationToken stop)
    {
        var scores = new ContinuationScore[texts.Count];
        // The longest first, so that rows of a batch have little to fill up; each row's result needs nothing of the others'.
        int[] order = [.. Enumerable.Range(0, texts.Count).OrderByDescending(index => texts[index].Ids.Length).ThenBy(index => index)];
        for (var first = 0; first < order.Length; )
        {
            stop.ThrowIfCancellationRequested();
            var length = texts[order[first]].Ids.Length - 1;
            int[] batch = [.. order.Skip(first).Take(Math.Max(1, TokensPerBatch / length))];
            Score(model, texts, batch, length, scores);
            first += batch.Length;
        }

        return scores;
    }

    private static void Score(LanguageModel model, IReadOnlyList<ScoredText> texts, int[] batch, int length, ContinuationScore[] scores)
    {
        var inputs = new long[batch.Length * length];
        var (places, targets) = (new List<long>(), new List<long>());
        for (var row = 0; row < batch.Length; row++)
        {
            var text = texts[batch[row]];
            var read = text.Ids.Length - 1;
            for (var index = 0; index < read; index++)
                inputs[row * length + index] = text.Ids[index];
            for (var index = read - text.Scored; index < read; index++)
            {
                places.Add(row * length + index);
                targets.Add(text.Ids[index + 1]);
            }
        }

        var (logs, greedy) = Run(model, inputs, batch.Length, length, [.. places], [.. targets]);
        var next = 0;
        foreach (var index in batch)
        {
            var end = next + texts[index].Scored;
            var (sum, isGreedy) = (0.0, true);
            for (; next < end; next++)
            {
                sum += logs[next];
                isGreedy &= greedy[next];
            }

            if (!double.IsFinite(sum))
                throw new InputException(
                    "The model's log-probabilities are no numbers: its training diverged; evaluate an older checkpoint."
                );
            scores[index] = new ContinuationScore(sum, isGreedy);
        }
    }

    private static (float[] Logs, bool[] Greedy) Run(
        LanguageModel model,
        long[] inputs,
        int rows,
        int length,
        long[] places,
        long[] targets
    )
    {
        using var noGradient = no_grad();
        var device = model.Options.Device;
        using var tokens = TokenTensor.Create(inputs, rows, length, device);
        using var hidden = model.Hidden(tokens);
        using var flat = hidden.view(-1, hidden.shape[^1]);
        using var index = TokenTensor.Create(places, 1, places.Length, device);
        using var which = index.view(-1);
        using var predicting = flat.index_select(0, which);
        using var labels = TokenTensor.Create(targets, targets.Length, 1, device);
        var (logs, greedy) = (new List<float>(targets.Length), new List<bool>(targets.Length));
        var chunk = FusedOperations.For(predicting).RowsOfLogits(model.Vocabulary);
        for (long start = 0; start < targets.Length; start += chunk)
        {
            var count = Math.Min(chunk, targets.Length - start);
            using var some = predicting.narrow(0, start, count);
            using var target = labels.narrow(0, start, count);
            using var logits = model.Logits(some);
            using var exact = logits.to(ScalarType.Float32);
            using var probabilities = nn.functional.log_softmax(exact, 1);
            using var chosen = probabilities.gather(1, target);
            using var best = exact.argmax(1, keepdim: true);
            using var same = best.eq(target);
            using var chosenHere = chosen.cpu();
            using var sameHere = same.cpu();
            logs.AddRange(chosenHere.data<float>().ToArray());
            greedy.AddRange(sameHere.data<bool>().ToArray());
        }

        return ([.. logs], [.. greedy]);
    }
}
