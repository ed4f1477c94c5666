using LowRank.Costs;
using LowRank.Training.Runs;

namespace LowRank.Training.Scaling;

/// <summary>
/// What a variant trains, sorted as optimizers sort it: the weights of the hidden layers one by one, all else as a number. Parameters
/// alone count, not the padding between them in memory.
/// </summary>
internal sealed class TrainedWeights
{
    private const string Router = "Router";

    private readonly IReadOnlyList<(SublayerCost Part, IReadOnlyList<TrainedMatrix> Matrices)> parts;
    private IReadOnlyList<TrainedMatrix>? matrices;

    private TrainedWeights(long held, long trained, IReadOnlyList<(SublayerCost, IReadOnlyList<TrainedMatrix>)> parts)
    {
        (Held, Trained, this.parts) = (held, trained, parts);
        Other = checked(trained - Sum(matrix => matrix.Trained));
    }

    /// <summary>Parameters that the model has, frozen or not, guides included.</summary>
    public long Held { get; }

    /// <summary>Those that are trained.</summary>
    public long Trained { get; }

    /// <summary>Embeddings, head, norms, biases and adapters: what optimizers treat number by number.</summary>
    public long Other { get; }

    /// <summary>Whether a guide is trained.</summary>
    public bool HasGuides => parts.Any(part => part.Matrices.Any(matrix => matrix.HasGuide));

    /// <summary>Numbers of the guides; an effective weight of that size stands beside them, which is no parameter.</summary>
    public long Guides => Sum(matrix => matrix.HasGuide ? matrix.Full : 0);

    /// <summary>The weights, each once for each block that has it, in the order of the blocks.</summary>
    public IReadOnlyList<TrainedMatrix> Matrices => matrices ??= [.. InOrder()];

    /// <summary>What a variant trains.</summary>
    /// <param name="cost">The variant's model.</param>
    /// <param name="variant">The variant; guided: while every guide exists.</param>
    /// <exception cref="InputException">The accounting was written by hand and leaves out the weights.</exception>
    public static TrainedWeights Of(ModelCost cost, Variant variant)
    {
        ArgumentNullException.ThrowIfNull(cost);
        if (variant == Variant.Lora)
        {
            var adapters = cost.Adapters!.Parameters;
            return new(checked(cost.Parameters + adapters), adapters, []);
        }

        var isGuided = variant == Variant.Guided;
        var parts = cost.Sublayers.Where(part => part.IsInBlocks).ToList();
        if (parts.Find(part => part.Weights.Count == 0) is { } unknown)
            throw new InputException(
                $"The costs of {cost.Model} don't say which weights {unknown.Name} has, so what its ranks send can't be counted; those of declared models do."
            );
        var all = isGuided ? cost.ParametersAtStart : cost.Parameters;
        return new(all, all, [.. parts.Select(part => (part, MatricesOf(part, isGuided)))]);
    }

    /// <summary>The sum of a number of each weight.</summary>
    /// <exception cref="OverflowException">It doesn't fit.</exception>
    public long Sum(Func<TrainedMatrix, long> number) =>
        parts.Aggregate(0L, (sum, part) => checked(sum + part.Part.Count * part.Matrices.Sum(number)));

    private IEnumerable<TrainedMatrix> InOrder()
    {
        var end = parts.Select(part => part.Part.FirstBlock + (part.Part.Count - 1) * part.Part.Stride + 1).DefaultIfEmpty(0).Max();
        for (var block = 0; block < end; block++)
        {
            foreach (var matrix in parts.Where(entry => Covers(entry.Part, block)).SelectMany(entry => entry.Matrices))
                yield return matrix;
        }
    }

    private static bool Covers(SublayerCost part, int block) =>
        block >= part.FirstBlock && (block - part.FirstBlock) % part.Stride == 0 && (block - part.FirstBlock) / part.Stride < part.Count;

    private static IReadOnlyList<TrainedMatrix> MatricesOf(SublayerCost part, bool isGuided)
    {
        var projections = part.Weights.Where(weight => weight.Name is "Query" or "Key" or "Value").ToList();
        // Dense queries, keys and values are one product, and one matrix; those of latent attention read different inputs.
        var isLatent = part.Weights.Any(weight => weight.Name == "KeyValueDown");
        return part.Kind == "attention" && !isLatent && projections.Count > 0 && projections.TrueForAll(weight => weight.Rank == 0)
            ?
            [
                new(projections.Sum(weight => weight.Outputs), projections[0].Inputs, 0, false),
                .. part.Weights.Where(weight => !projections.Contains(weight)).Select(weight => Of(weight, isGuided)),
            ]
            : [.. ByExpert(part.Weights).Select(weight => Of(weight, isGuided))];
    }

    // A router is no matrix to an optimizer; of a mixture all weights of one expert stand before those of the next.
    private static IEnumerable<WeightShape> ByExpert(IReadOnlyList<WeightShape> weights)
    {
        var matrices = weights.Where(weight => weight.Name != Router).ToList();
        var each = matrices.Where(weight => weight.Copies > 1).ToList();
        var copies = each.Count == 0 ? 0 : each[0].Copies;
        return Enumerable.Repeat(each, copies).SelectMany(expert => expert).Concat(matrices.Where(weight => weight.Copies == 1));
    }

    private static TrainedMatrix Of(WeightShape weight, bool isGuided) =>
        new(weight.Outputs, weight.Inputs, weight.Rank, isGuided && weight.HasGuide);
}
