using LowRank.Training.Data.Examples;
using LowRank.Training.Tokenization;
using LowRank.Training.Wording;

namespace LowRank.Training.Conversations;

/// <summary>
/// Turns conversations into tokens, of which those of the answers count in the loss, the token that ends an answer included.
/// </summary>
internal sealed class ConversationTokenizer
{
    private readonly Tokenizer tokenizer;
    private readonly SpecialTextGuard guard;
    private readonly IReadOnlySet<int> ends;
    private readonly HashSet<int> special;

    /// <summary>One for a model.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="template">Its chat template; null for the plain forms alone.</param>
    /// <param name="ends">The ids that end what the model says.</param>
    public ConversationTokenizer(Tokenizer tokenizer, ChatTemplate? template, IReadOnlySet<int> ends)
    {
        (this.tokenizer, Template, this.ends) = (tokenizer, template, ends);
        guard = new SpecialTextGuard(tokenizer);
        special = [.. tokenizer.Special.Select(token => token.Id)];
    }

    /// <summary>The model's chat template; null for none.</summary>
    public ChatTemplate? Template { get; }

    /// <summary>Whether the texts of special tokens within what somebody says become those tokens, as in Hugging Face's library.</summary>
    public bool TrustsContent { get; init; }

    /// <summary>The examples of a conversation: one, or one for each answer where the template writes earlier turns otherwise.</summary>
    /// <exception cref="UnusableRecordException">Nothing can be learned from it.</exception>
    /// <exception cref="InputException">There is no template, or it refuses the conversation.</exception>
    public IReadOnlyList<TokenizedExample> Encode(Conversation conversation, CancellationToken stop = default)
    {
        if (Template is null)
            return [Encode(conversation.Plain ?? throw NoTemplate())];
        var (turns, tools, mark) = TrustsContent ? (conversation.Turns, conversation.Tools, '\0') : guard.Guard(conversation);
        return [.. new AnswerFinder(Template, stop).Find(turns, tools).Select(text => Encode(text, mark))];
    }

    /// <summary>The ids that a model reads before its next answer.</summary>
    /// <exception cref="InputException">There is no template, or it refuses the conversation.</exception>
    public IReadOnlyList<int> Ask(Conversation conversation, CancellationToken stop = default)
    {
        var (turns, tools, mark) = TrustsContent ? (conversation.Turns, conversation.Tools, '\0') : guard.Guard(conversation);
        return guard.Encode((Template ?? throw NoTemplate()).Render(turns, tools, asksForAnswer: true, stop).Text, mark);
    }

    /// <summary>What is said where a conversation needs a template and there is none.</summary>
    public static InputException NoTemplate() =>
        InputException.Naming(
            $"The model has no chat template, and a conversation of messages has no other form; name one with {new OptionName(nameof(ConversationOptions.ChatTemplate))}, or give prompt with completion, or instruction with output."
        );

    private TokenizedExample Encode(RenderedConversation rendered, char mark)
    {
        var ids = guard.Encode(rendered.Text, mark);
        var counts = new bool[ids.Count];
        foreach (var answer in rendered.Answers)
        {
            var start = CommonLength(ids, guard.Encode(rendered.Text[..answer.Start], mark));
            var upToEnd = guard.Encode(rendered.Text[..answer.End], mark);
            // A token that reaches across the answer's end has some of it.
            var end = CommonLength(ids, upToEnd) is var common && common < upToEnd.Count ? Math.Min(common + 1, ids.Count) : common;
            var last = EndOfAnswer(ids, start, end);
            if (last > start)
                counts.AsSpan(start, last - start).Fill(true);
        }

        return new TokenizedExample(ids, counts);
    }

    // Behind the token that ends an answer a template may write what no model has to: a line's end, or the head of the next answer.
    private int EndOfAnswer(IReadOnlyList<int> ids, int start, int end)
    {
        var last = end;
        while (last > start && !ends.Contains(ids[last - 1]))
            last--;
        if (last > start)
            return last;
        last = end;
        while (last > start && !special.Contains(ids[last - 1]) && IsBlank(ids[last - 1]))
            last--;
        return last > start && special.Contains(ids[last - 1]) ? last : end;
    }

    private bool IsBlank(int id) => !tokenizer.Decode([id]).AsSpan().ContainsAnyExcept(" \n\r\t"u8);

    private TokenizedExample Encode(PlainForm plain)
    {
        IReadOnlyList<int> prompt = [.. tokenizer.Before, .. tokenizer.Encode(plain.Prompt, TrustsContent)];
        List<int> ids = [.. tokenizer.Before, .. tokenizer.Encode(plain.Prompt + plain.Completion, TrustsContent)];
        var start = CommonLength(ids, prompt);
        ids.Add(tokenizer.EndOfText);
        return new TokenizedExample(ids, [.. ids.Select((_, index) => index >= start)]);
    }

    private static int CommonLength(IReadOnlyList<int> left, IReadOnlyList<int> right)
    {
        var length = 0;
        while (length < left.Count && length < right.Count && left[length] == right[length])
            length++;
        return length;
    }
}
