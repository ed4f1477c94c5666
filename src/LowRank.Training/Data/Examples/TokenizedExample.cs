namespace LowRank.Training.Data.Examples;

/// <summary>A text to learn from, of which only some tokens are to be learned: the answers of a conversation, for one.</summary>
/// <param name="Ids">The ids of its tokens, special tokens included, in order.</param>
/// <param name="Counts">For each of them, whether predicting it counts in the loss. The first is never predicted, so its value says
/// nothing.</param>
public sealed record TokenizedExample(IReadOnlyList<int> Ids, IReadOnlyList<bool> Counts);
