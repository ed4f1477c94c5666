using System.ComponentModel;

namespace LowRank.Layers;

/// <summary>How a score is formed of the product of a query and a key: <c>cap·tanh(scale·q·k/cap)</c>.</summary>
/// <param name="Scale">The factor; null for <c>1/√headSize</c>.</param>
/// <param name="SoftCap">The cap; null for none.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct ScoreForm(double? Scale = null, double? SoftCap = null)
{
    /// <summary>The factor for heads of a size.</summary>
    internal double ScaleOf(long headSize) => Scale ?? 1 / Math.Sqrt(headSize);
}
