namespace LowRank.Training.Tokenization.Added;

/// <summary>A token that stands beside the model's vocabulary and is found in text as a whole, before text is split.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">How it is written.</param>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>Whether it steers the model, and has no text of its own.</summary>
    public bool Special { get; init; }

    /// <summary>Whether it is found as a whole word only.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Whether white space before it belongs to it.</summary>
    public bool LeftStrip { get; init; }

    /// <summary>Whether white space behind it belongs to it.</summary>
    public bool RightStrip { get; init; }

    /// <summary>Whether it is looked for in normalized text, in its normalized form.</summary>
    public bool Normalized { get; init; }
}
