namespace LowRank.Training.Conversations;

/// <summary>Which conversations are learned from, and how they become text.</summary>
public sealed record ConversationOptions
{
    /// <summary>
    /// Files of records (<c>.jsonl</c>, <c>.json</c>, <c>.csv</c>, these also as <c>.gz</c> or <c>.zst</c>, <c>.parquet</c>) and folders
    /// of them.
    /// </summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>
    /// A file with a chat template to use instead of the model's own; <c>none</c> for the plain forms of prompts with completions and of
    /// instructions; null for the model's.
    /// </summary>
    public string? ChatTemplate { get; init; }

    /// <summary>
    /// Whether the texts of special tokens within what somebody says become those tokens, as in Hugging Face's library. They stay text
    /// unless this is set: whoever wrote them could end a turn and begin another one.
    /// </summary>
    public bool TrustSpecialTokens { get; init; }
}
