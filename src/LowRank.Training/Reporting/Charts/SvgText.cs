namespace LowRank.Training.Reporting.Charts;

/// <summary>Finishes the SVG documents that the drawing library writes.</summary>
internal static class SvgText
{
    /// <summary>Lets every reader's own sans-serif font stand in: an SVG names its font and does not carry it.</summary>
    public static string WithGenericFonts(string svg) =>
        svg.Replace(
            $"font-family=\"{InterFont.Family}\"",
            $"font-family=\"{InterFont.Family}, system-ui, sans-serif\"",
            StringComparison.Ordinal
        );
}
