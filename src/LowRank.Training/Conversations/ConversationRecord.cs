using LowRank.Training.Data.Examples;

namespace LowRank.Training.Conversations;

/// <summary>A record that is learned from.</summary>
/// <param name="Place">Where it is: "line 3 of 'chats.jsonl'".</param>
/// <param name="Examples">What became of it.</param>
internal sealed record ConversationRecord(string Place, IReadOnlyList<TokenizedExample> Examples);
