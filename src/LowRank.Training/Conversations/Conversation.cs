namespace LowRank.Training.Conversations;

/// <summary>What a record of a file says.</summary>
/// <param name="Turns">The turns, up to the last that is to be learned.</param>
/// <param name="Tools">The functions that the model may call, for the template; null for none.</param>
internal sealed record Conversation(IReadOnlyList<Turn> Turns, object? Tools)
{
    /// <summary>How it is written without a template; null where it has no such form.</summary>
    public PlainForm? Plain { get; init; }
}
