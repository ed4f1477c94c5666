namespace LowRank.Training.Reporting.Pages;

/// <summary>A row of a table.</summary>
/// <param name="Cells">Its cells, the first of which names it.</param>
/// <param name="Mark">How all of it is marked.</param>
internal sealed record PageRow(IReadOnlyList<PageCell> Cells, PageMark Mark = PageMark.None);

/// <summary>A cell of a table.</summary>
/// <param name="Text">What it says, in one line or several.</param>
/// <param name="Below">What stands below, set smaller; null for nothing.</param>
/// <param name="Mark">How it is marked.</param>
internal sealed record PageCell(string Text, string? Below = null, PageMark Mark = PageMark.None)
{
    /// <summary>A cell of a text whose part after a line break is set smaller.</summary>
    public static PageCell Of(string text) => text.Split('\n', 2) is [var first, var below] ? new(first, below) : new PageCell(text);

    /// <summary>The letters of both.</summary>
    public int Length => Text.Length + (Below?.Length ?? 0);
}

/// <summary>How a row or a cell is marked; the class by which a style knows it.</summary>
internal enum PageMark
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>It says something else than before.</summary>
    Changed,

    /// <summary>It wasn't there before.</summary>
    New,

    /// <summary>It is there no more.</summary>
    Gone,

    /// <summary>It is more than it may be.</summary>
    Over,
}
