using System.Globalization;
using LowRank.Costs;

namespace LowRank.Training.Wording;

/// <summary>Writes the weights of a part.</summary>
internal static class WeightWords
{
    /// <summary>Equal ones in one line: <c>Query, Key 512→512 by rank 64</c>.</summary>
    public static IEnumerable<string> Of(SublayerCost part) =>
        part
            .Weights.GroupBy(weight => weight with { Name = "" })
            .Select(group => $"{string.Join(", ", group.Select(weight => weight.Name))} {Of(group.Key)}{Experts(group.Key)}");

    private static string Experts(WeightShape shape) =>
        shape.Copies == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" of {shape.Copies} experts, {shape.Active} active");

    private static string Of(WeightShape shape) =>
        string.Create(CultureInfo.InvariantCulture, $"{shape.Inputs}→{shape.Outputs}{(shape.Rank == 0 ? "" : $" by rank {shape.Rank}")}");
}
