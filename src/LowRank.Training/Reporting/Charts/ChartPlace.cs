namespace LowRank.Training.Reporting.Charts;

/// <summary>Where a chart is shown.</summary>
internal enum ChartPlace
{
    /// <summary>In a file of its own, which needs a title.</summary>
    File,

    /// <summary>In a page, whose caption is the title.</summary>
    Page,

    /// <summary>In a page on a phone: few pixels wide, so that letters stay as large as the page's, with the legend below.</summary>
    NarrowPage,
}
