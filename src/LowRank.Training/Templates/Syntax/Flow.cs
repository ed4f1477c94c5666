namespace LowRank.Training.Templates.Syntax;

/// <summary>How it goes on behind a statement.</summary>
internal enum Flow
{
    /// <summary>With the next one.</summary>
    Next,

    /// <summary>With the loop's next element.</summary>
    Continue,

    /// <summary>Behind the loop.</summary>
    Break,
}
