using LowRank.Training.Generation;
using LowRank.Training.Tokenization;
using LowRank.Training.Wording;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>Says which prompts a model can't read whole, and from where on it no longer sees their beginning.</summary>
internal static class PromptNotes
{
    private const int MostNamed = 3;

    /// <summary>Says it, on standard error.</summary>
    /// <param name="app">The program.</param>
    /// <param name="prompts">The texts to go on with.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="specialTokens">Whether the texts of special tokens become their ids.</param>
    /// <param name="context">Tokens that the model reads at once.</param>
    /// <param name="tokens">Most tokens to generate.</param>
    public static void Say(AppSession app, IReadOnlyList<string> prompts, Tokenizer tokenizer, bool specialTokens, int context, int tokens)
    {
        var lengths = prompts.Select(prompt => tokenizer.Before.Count + tokenizer.Encode(prompt, specialTokens).Count).ToArray();
        int[] cut = [.. Enumerable.Range(0, lengths.Length).Where(index => lengths[index] > context)];
        foreach (var index in cut.Take(MostNamed))
        {
            var which = prompts.Count == 1 ? "the prompt" : $"prompt {Quantity.Count(index + 1)}";
            app.Say(
                $"Note: {which} has {Quantity.Count(lengths[index])} tokens, and the model's context {Quantity.Count(context)}; only the last {Quantity.Count(context)} are read."
            );
        }

        if (cut.Length > MostNamed)
            app.Say($"Note: so it is with {Quantity.Count(cut.Length - MostNamed)} further prompts.");
        if (tokens > 1 && lengths.Any(length => (long)length + tokens - 1 > context))
        {
            app.Say(
                $"Note: where prompt and text outgrow the context of {Quantity.Count(context)} tokens, "
                    + $"the text goes on from its last {Quantity.Count(TextGenerator.ReadAgain(context))} alone."
            );
        }
    }
}
