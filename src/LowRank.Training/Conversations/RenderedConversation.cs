namespace LowRank.Training.Conversations;

/// <summary>A conversation as a template writes it, and the answers in it that are to be learned.</summary>
/// <param name="Text">The text.</param>
/// <param name="Answers">Their places, in order.</param>
internal sealed record RenderedConversation(string Text, IReadOnlyList<AnswerSpan> Answers);
