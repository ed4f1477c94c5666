using LowRank.Training.Tokenization;

namespace LowRank.Training.Evaluation.Tasks;

/// <summary>A text whose last tokens are scored.</summary>
/// <param name="Ids">The tokens, those of the context first.</param>
/// <param name="Scored">How many at the end are scored.</param>
/// <param name="IsCut">Whether the context's beginning was left out.</param>
internal sealed record ScoredText(int[] Ids, int Scored, bool IsCut);

/// <summary>
/// Splits context and continuation into tokens as the lm-evaluation-harness does: white space at the context's end belongs to the
/// continuation, and the continuation's tokens are those of both together that follow as many as the context has alone.
/// </summary>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="context">Most tokens that the model reads.</param>
internal sealed class TaskTokens(Tokenizer tokenizer, int context)
{
    private int Start => tokenizer.BeginOfText ?? tokenizer.EndOfText;

    /// <summary>The tokens of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="place">What messages call it.</param>
    /// <exception cref="InputException">The continuation alone is longer than the model's context.</exception>
    public ScoredText Split(TaskRequest request, string place)
    {
        var before = request.Context.TrimEnd();
        var continuation = request.Context[before.Length..] + request.Continuation;
        int[] ids;
        int scored;
        if (before.Length == 0)
        {
            // A text begins after the token that begins one, or that ends another.
            ids = [Start, .. Encode(continuation)];
            scored = ids.Length - 1;
        }
        else
        {
            // Special tokens that are written in a text are those tokens, as in the harness.
            var whole = Encode(before + continuation);
            // What merges into the context's last token is scored with it.
            scored = Math.Max(1, whole.Count - Encode(before).Count);
            ids = [.. tokenizer.Before, .. whole];
        }

        // Before the first token there is nothing that predicts it.
        if (ids.Length < 2)
            ids = [Start, .. ids];
        if (scored > context)
            throw new InputException(
                $"{place}: a continuation of {scored} tokens is longer than the {context} that the model reads; leave the record out."
            );
        var isCut = ids.Length > context + 1;
        return new ScoredText(isCut ? ids[^(context + 1)..] : ids, scored, isCut);
    }

    private IReadOnlyList<int> Encode(string text) => tokenizer.Encode(text, specialTokens: true);
}
