using LowRank.Costs;

namespace LowRank.Training.Weights;

/// <summary>The hidden size of a feed-forward sublayer by its costs: that of the live layers, which may not be the declared one.</summary>
internal static class HiddenSize
{
    /// <summary>The size; null for another part, and where costs written by hand state no shapes.</summary>
    public static int? Of(SublayerCost part) =>
        part.Kind == "feed-forward" && part.Weights.FirstOrDefault(weight => weight.Name == "Down") is { } down ? (int)down.Inputs : null;
}
