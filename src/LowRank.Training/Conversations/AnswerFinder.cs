using LowRank.Training.Templates;

namespace LowRank.Training.Conversations;

/// <summary>
/// Finds the answers in what a template writes: by its <c>generation</c> blocks, or else by writing the conversation up to each answer,
/// with the beginning of one behind it, and up to the answer's end. What is between the two is the answer.
/// </summary>
/// <param name="template">The template.</param>
/// <param name="stop">Ends it.</param>
internal sealed class AnswerFinder(ChatTemplate template, CancellationToken stop)
{
    /// <summary>
    /// The conversation as one text where what stands before each answer is what a model reads before it gives that answer. A template that
    /// writes earlier turns otherwise once others follow (Qwen 3 leaves out what was thought) gives one text for each answer, up to it.
    /// </summary>
    /// <param name="turns">The turns.</param>
    /// <param name="tools">The functions that the model may call; null for none.</param>
    /// <exception cref="TemplateException">The template refuses the conversation.</exception>
    /// <exception cref="UnusableRecordException">It can't be told where an answer begins.</exception>
    public IReadOnlyList<RenderedConversation> Find(IReadOnlyList<Turn> turns, object? tools)
    {
        var whole = Render(turns, turns.Count, tools, asksForAnswer: false);
        if (whole.Generated.Count > 0)
            return [new RenderedConversation(whole.Text, Marked(turns, whole.Generated))];
        var texts = new List<RenderedConversation>();
        for (var turn = 0; turn < turns.Count; turn++)
        {
            if (turns[turn].Counts)
                texts.Add(UpTo(turns, turn, tools));
        }

        return texts.TrueForAll(text => whole.Text.StartsWith(text.Text, StringComparison.Ordinal))
            ? [new RenderedConversation(whole.Text, [.. texts.SelectMany(text => text.Answers)])]
            : texts;
    }

    private RenderedConversation UpTo(IReadOnlyList<Turn> turns, int answer, object? tools)
    {
        var asked = Render(turns, answer, tools, asksForAnswer: true).Text;
        var answered = Render(turns, answer + 1, tools, asksForAnswer: false).Text;
        var start = answered.AsSpan().CommonPrefixLength(asked);
        // A template may ask for an answer in other words than those with which it writes one, but not for another conversation.
        if (start < asked.Length && !Begins(answered, Render(turns, answer, tools, asksForAnswer: false).Text))
            throw new UnusableRecordException(
                "whose template rewrites what stands before an answer",
                "has an answer before which the template writes something else than when it asks for it"
            );
        return new RenderedConversation(answered, [new AnswerSpan(start, answered.Length)]);
    }

    private static bool Begins(string text, string part) => part.Length > 0 && text.StartsWith(part, StringComparison.Ordinal);

    // Blocks are told from each other by their order alone.
    private static List<AnswerSpan> Marked(IReadOnlyList<Turn> turns, IReadOnlyList<(int Start, int End)> blocks)
    {
        var answers = turns.Where(turn => turn.Role == "assistant").ToList();
        if (answers.Count != blocks.Count && answers.Exists(turn => !turn.Counts))
            throw new UnusableRecordException(
                "whose template marks other answers",
                "has answers that don't count, and its template marks more or fewer answers than there are"
            );
        return
        [
            .. blocks
                .Where((_, index) => answers.Count != blocks.Count || answers[index].Counts)
                .Select(block => new AnswerSpan(block.Start, block.End)),
        ];
    }

    private RenderedText Render(IReadOnlyList<Turn> turns, int count, object? tools, bool asksForAnswer) =>
        template.Render(turns.Take(count), tools, asksForAnswer, stop);
}
