using LowRank.Decoding;
using LowRank.Training.Conversations;
using LowRank.Training.Wording;

namespace LowRank.Training.Generation;

/// <summary>
/// A conversation with a model: before each answer the model's chat template writes all that was said, and the model goes on. What it
/// has read before, up to the first token that is written otherwise now, it doesn't read again.
/// </summary>
/// <param name="generator">Generates.</param>
/// <param name="model">Tokenizer and template.</param>
/// <param name="context">Tokens that the model reads at once.</param>
internal sealed class ChatSession(TextGenerator generator, ConversationModel model, int context) : IDisposable
{
    private readonly List<Turn> turns = [];
    private readonly Decoder decoder = generator.NewDecoder();
    private readonly PromptCache cache = generator.NewCache();

    /// <summary>What was said so far.</summary>
    public IReadOnlyList<Turn> Turns => turns;

    /// <summary>Adds what somebody says.</summary>
    public void Say(string role, string text) => turns.Add(Turn.Of(role, text));

    /// <summary>The model's answer, piece by piece; it is over at one of the model's end tokens, or when the context is full.</summary>
    /// <param name="tokens">Most tokens to generate.</param>
    /// <param name="sampling">How each is chosen.</param>
    /// <param name="stop">Ends it after the current token.</param>
    /// <exception cref="InputException">There is no template, it refuses the conversation, or that fills the context.</exception>
    public IEnumerable<string> Answer(int tokens, SamplingOptions sampling, CancellationToken stop)
    {
        var asked = model.Ask(new Conversation(turns, Tools: null), stop);
        if (asked.Count >= context)
            throw new InputException(
                $"The conversation has {Quantity.Count(asked.Count)} tokens, and the model reads {Quantity.Count(context)} at once; begin a new one."
            );
        return Run();

        IEnumerable<string> Run()
        {
            var said = new System.Text.StringBuilder();
            foreach (var piece in generator.Generate(asked, Math.Min(tokens, context - asked.Count), sampling, decoder, cache, stop))
            {
                said.Append(piece);
                yield return piece;
            }

            Say("assistant", said.ToString());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        cache.Dispose();
        decoder.Dispose();
    }
}
