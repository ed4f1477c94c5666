namespace LowRank.Training.Conversations;

/// <summary>A record is a conversation, but none that could be learned from.</summary>
/// <param name="reason">Why, in a few words by which records are counted: "without an answer".</param>
/// <param name="what">What is wrong with it, without a full stop.</param>
internal sealed class UnusableRecordException(string reason, string what) : InputException(what)
{
    /// <summary>Why, in a few words by which records are counted.</summary>
    public string Reason => reason;
}
