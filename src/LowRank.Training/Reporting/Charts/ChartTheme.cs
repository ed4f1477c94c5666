using LowRank.Training.Runs;
using ScottPlot;

namespace LowRank.Training.Reporting.Charts;

/// <summary>The colors of a chart. The curves' hues are Okabe and Ito's, which readers with any color vision tell apart.</summary>
internal sealed record ChartTheme(
    string Background,
    string Text,
    string Grid,
    string Dense,
    string FlopMatched,
    string LowRank,
    string Guided
)
{
    /// <summary>For a white page, and for the files.</summary>
    public static ChartTheme Light { get; } = new("#FFFFFF", "#1F2328", "#E1E4E8", "#3C3C3C", "#009E73", "#D55E00", "#0072B2");

    /// <summary>For a dark page.</summary>
    public static ChartTheme Dark { get; } = new("#161B22", "#E6EDF3", "#30363D", "#D0D0D0", "#009E73", "#E69F00", "#56B4E9");

    /// <summary>A variant's curve.</summary>
    public Color Curve(Variant variant) =>
        Color.FromHex(
            variant switch
            {
                Variant.Dense => Dense,
                Variant.FlopMatched => FlopMatched,
                Variant.LowRank => LowRank,
                _ => Guided,
            }
        );
}
