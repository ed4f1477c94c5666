using ScottPlot;
using SkiaSharp;

namespace LowRank.Training.Reporting.Charts;

/// <summary>Gives ScottPlot the embedded typeface for every text, so that charts look the same with and without installed fonts.</summary>
internal sealed class ChartFont : IFontResolver
{
    private static readonly Lock Gate = new();
    private static bool installed;

    /// <summary>Makes it the font of all charts; once is enough.</summary>
    public static void Install()
    {
        lock (Gate)
        {
            if (installed)
                return;
            Fonts.FontResolvers.Insert(0, new ChartFont());
            Fonts.Default = InterFont.Family;
            installed = true;
        }
    }

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        // ScottPlot disposes what it gets with the paint that uses it: each caller has its own handle.
        fontName == InterFont.Family
            ? InterFont.Typeface
            : null;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == InterFont.Family ? InterFont.Typeface : null;
}
