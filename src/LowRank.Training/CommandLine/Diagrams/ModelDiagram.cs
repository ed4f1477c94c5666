using System.Globalization;
using LowRank.Costs;
using LowRank.Training.CommandLine.Commands;
using LowRank.Training.Wording;

namespace LowRank.Training.CommandLine.Diagrams;

/// <summary>A model as boxes from tokens to logits: what stands once, and equal blocks together.</summary>
/// <param name="Groups">From top to bottom.</param>
/// <param name="IsParallel">Whether the boxes of a group all read what enters it.</param>
internal sealed record ModelDiagram(IReadOnlyList<DiagramGroup> Groups, bool IsParallel)
{
    // More have no place in a picture, and no model that anybody trains.
    private const int MostBlocks = 4_096;

    /// <summary>Whether it has few enough blocks.</summary>
    public static bool CanDraw(ModelEntry entry) =>
        InBlocks(entry).All(part => part.FirstBlock + (long)(part.Count - 1) * part.Stride < MostBlocks);

    /// <summary>The diagram of a model.</summary>
    /// <exception cref="InputException">It has more blocks than can be drawn.</exception>
    public static ModelDiagram Of(ModelEntry entry)
    {
        var cost = entry.Cost;
        var inBlocks = InBlocks(entry).ToList();
        if (!CanDraw(entry))
            throw new InputException($"{entry.Name} has more blocks than can be drawn; at most {MostBlocks} can.");
        var outside = cost.Sublayers.Except(inBlocks).ToList();
        var groups = new List<DiagramGroup>();
        groups.AddRange(outside.Where(part => part.Kind == "embedding").Select(Alone));
        var depth = inBlocks.Select(part => part.Blocks.Last() + 1).DefaultIfEmpty(0).Max();
        groups.AddRange(
            Enumerable
                .Range(0, depth)
                .GroupBy(block => string.Join(',', Parts(block)), block => block)
                .Select(blocks => new DiagramGroup(Title([.. blocks]), [.. Parts(blocks.First()).Select(index => Box(inBlocks[index]))]))
        );
        groups.AddRange(outside.Where(part => part.Kind != "embedding").Select(Alone));
        return new(groups, cost.ParallelResidual);

        IEnumerable<int> Parts(int block) => Enumerable.Range(0, inBlocks.Count).Where(index => inBlocks[index].Blocks.Contains(block));

        DiagramGroup Alone(SublayerCost part) => new(null, [Box(part)]);

        DiagramBox Box(SublayerCost part) =>
            new(
                part.Name,
                part.Kind,
                part.Rank > 0,
                [
                    .. WeightWords.Of(part),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Quantity.Count(part.Parameters)} parameters{(part.Count > 1 ? $" × {part.Count}" : "")}, {PartShares.OfParameters(part, cost):0.0 %} of all"
                    ),
                ]
            );
    }

    private static IEnumerable<SublayerCost> InBlocks(ModelEntry entry) => entry.Cost.Sublayers.Where(part => part.IsInBlocks);

    // 0; 1–23; 0, 2 … 22; else each.
    private static string Title(IReadOnlyList<int> blocks)
    {
        var (first, last) = (blocks[0], blocks[^1]);
        var stride = blocks.Count > 1 ? blocks[1] - first : 1;
        var isEven = blocks.Select((block, index) => block == first + index * stride).All(even => even);
        return blocks.Count == 1 ? string.Create(CultureInfo.InvariantCulture, $"block {first}")
            : !isEven ? $"blocks {string.Join(", ", blocks)}"
            : stride == 1 ? string.Create(CultureInfo.InvariantCulture, $"blocks {first}–{last}")
            : blocks.Count == 2 ? string.Create(CultureInfo.InvariantCulture, $"blocks {first}, {last}")
            : string.Create(CultureInfo.InvariantCulture, $"blocks {first}, {first + stride} … {last}");
    }
}

/// <summary>Boxes that stand together.</summary>
/// <param name="Title">Which blocks they are; null for what stands outside of them.</param>
/// <param name="Boxes">From top to bottom.</param>
internal sealed record DiagramGroup(string? Title, IReadOnlyList<DiagramBox> Boxes);

/// <summary>One part of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="IsFactored">Whether it has factors.</param>
/// <param name="Lines">Its shapes and parameters.</param>
internal sealed record DiagramBox(string Name, string Kind, bool IsFactored, IReadOnlyList<string> Lines);
