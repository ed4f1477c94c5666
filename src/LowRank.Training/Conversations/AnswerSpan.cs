namespace LowRank.Training.Conversations;

/// <summary>Where in a rendered text an answer stands.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="End">The character behind it.</param>
internal readonly record struct AnswerSpan(int Start, int End);
