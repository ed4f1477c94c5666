using ScottPlot;

namespace LowRank.Training.Reporting.Charts;

/// <summary>How a contender is drawn in the charts of an experiment, the same in each.</summary>
/// <param name="Color">Its color.</param>
/// <param name="Shape">Its marker: there are more contenders than colors that can be told apart.</param>
internal sealed record ContenderStyle(Color Color, MarkerShape Shape)
{
    // Okabe and Ito's hues without yellow and black, which one of the pages would swallow.
    private static readonly string[] Hues = ["#D55E00", "#0072B2", "#009E73", "#E69F00", "#56B4E9", "#CC79A7", "#8C8C8C"];

    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.FilledSquare,
        MarkerShape.FilledTriangleUp,
        MarkerShape.FilledDiamond,
        MarkerShape.FilledTriangleDown,
        MarkerShape.FilledCircle,
    ];

    /// <summary>The style of the contender at a place of the list; that at 0 is what the others are compared with.</summary>
    public static ContenderStyle At(int index, ChartTheme theme) =>
        index == 0
            ? new(Color.FromHex(theme.Dense), MarkerShape.FilledCircle)
            : new(Color.FromHex(Hues[(index - 1) % Hues.Length]), Shapes[(index - 1) / Hues.Length % Shapes.Length]);
}
