using LowRank.Generator.Model;
using LowRank.Training.Runs;
using LowRank.Training.Variations;

namespace LowRank.Training.CommandLine.Exploring;

/// <summary>A design space worked out: each variation held to the compiler's rules, counted, and compared with the others.</summary>
/// <param name="Entry">The model.</param>
/// <param name="Space">What is varied.</param>
/// <param name="Points">The model as it is declared, then every variation.</param>
internal sealed record Exploration(ModelEntry Entry, DesignSpace Space, IReadOnlyList<DesignPoint> Points)
{
    /// <summary>How each design is trained: as declared, without adapters.</summary>
    public Variant Variant => Entry.VariantWithoutAdapters();

    /// <summary>The Pareto points alone, the cheapest first.</summary>
    public Exploration Front =>
        this with
        {
            Points = [.. Points.Where(point => point.IsOnFront || point.IsOnMeasuredFront).OrderBy(point => point.Flops)],
        };

    /// <summary>Works it out.</summary>
    /// <param name="entry">The model.</param>
    /// <param name="space">What is varied.</param>
    /// <param name="measured">What experiments have measured.</param>
    /// <exception cref="InputException">The model has nothing of what is to be varied.</exception>
    public static Exploration Of(
        ModelEntry entry,
        DesignSpace space,
        IReadOnlyDictionary<(TransformerDeclaration Declaration, Variant Variant), MeasuredPerplexity> measured
    )
    {
        var declared = ModelLookup.FindVaried(ModelNames.Full(entry));
        var points = new List<DesignPoint> { Point("", [.. space.Axes.Select(_ => (double?)null)], declared, []) };
        foreach (var variation in space.Variations().Select(variation => variation.For(declared.Declaration)))
        {
            double?[] values =
            [
                .. space.Axes.Select(axis => (double?)variation.Changes.First(change => change.Place.IsSame(axis.Place)).Value),
            ];
            // What the model lacks is wrong with the question, what the compiler refuses with one of the answers.
            points.Add(
                VariedModel.Try(entry, variation, out var refusals) is { } varied
                    ? Point(variation.Text, values, varied, varied.Warnings)
                    : new(variation.Text, values, null, refusals, null)
            );
        }

        return new(entry, space, ParetoFront.Mark(points));

        DesignPoint Point(string changes, IReadOnlyList<double?> values, VariedModel model, IReadOnlyList<string> remarks) =>
            new(
                changes,
                values,
                model.Entry,
                remarks,
                measured.GetValueOrDefault((model.Declaration, model.Entry.VariantWithoutAdapters()))
            );
    }
}
