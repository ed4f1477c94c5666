namespace LowRank.Training.Tokenization.Splitting;

/// <summary>What becomes of the matches that text is split at, as Hugging Face's library names it.</summary>
internal enum DelimiterBehavior
{
    /// <summary>They are left out.</summary>
    Removed,

    /// <summary>Each is a piece.</summary>
    Isolated,

    /// <summary>Each ends the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>Each begins the piece behind it.</summary>
    MergedWithNext,

    /// <summary>Those beside each other are one piece.</summary>
    Contiguous,
}
