using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Wording;
using static TorchSharp.torch;

namespace LowRank.Training.Weights;

/// <summary>
/// Weights of a checkpoint for another declaration, or another variant, of the same architecture: factors become the dense weight that they
/// amount to, dense weights the best factors of the declared rank, with themselves as the guide where there is one.
/// </summary>
internal static class WeightTransfer
{
    /// <summary>
    /// Takes the weights over, computed with as they are at the checkpoint's step: guides blended in, residuals and adapters folded.
    /// </summary>
    /// <param name="source">The checkpoint's model.</param>
    /// <param name="folder">The checkpoint's folder, for messages.</param>
    /// <param name="model">The model that is to begin with them.</param>
    /// <returns>The dense weights that became factors, and what that lost.</returns>
    /// <exception cref="InputException">The architectures differ, or one of the models has layers that are no product.</exception>
    public static IReadOnlyList<FactoredWeight> Load(LanguageModel source, string folder, LanguageModel model)
    {
        using var noGradient = no_grad();
        ActivatedFactors.Refuse(
            source,
            "can't be taken over by another declaration",
            $"Train it as it is declared, with {new OptionName("Variant")} lowrank."
        );
        ActivatedFactors.Refuse(
            model,
            "can't take over other weights",
            $"Leave the activation out, or begin without {new OptionName("From")}."
        );
        var (from, to) = (DeclaredWeights.Of(source), DeclaredWeights.Of(model));
        var (contradictions, _) = FactComparison.Compare(to.Facts, from.Facts);
        if (contradictions.Count > 0)
        {
            throw new InputException(
                $"{folder} holds {from.Name}, which is another architecture than {to.Name}; begin from a checkpoint of the same shapes:"
                    + string.Concat(
                        contradictions.Select(difference =>
                            $"\n  {difference.Property}: declared {difference.Declared}, the checkpoint has {difference.Found}"
                        )
                    )
            );
        }

        // Adapters aren't among the weights of an architecture: they begin anew.
        InitialWeights.DrawAdapters(model, model.Options.Seed);
        return Load(from, to);
    }

    /// <summary>Makes the weights of a dense model what a factored one of the same declaration computes with.</summary>
    /// <param name="source">The factored model, without guides.</param>
    /// <param name="dense">The dense model.</param>
    public static void Merge(LanguageModel source, LanguageModel dense)
    {
        using var noGradient = no_grad();
        _ = Load(DeclaredWeights.Of(source), DeclaredWeights.Of(dense));
    }

    private static IReadOnlyList<FactoredWeight> Load(DeclaredWeights from, DeclaredWeights to)
    {
        // A bias of the choice of experts begins at zero where the other model has none.
        foreach (var (theirs, ours) in from.Blocks.Zip(to.Blocks))
        {
            if (theirs.Mixture?.BalanceBias is { } bias && ours.Mixture?.BalanceBias is { } place)
                _ = Load(bias, place);
        }

        return [.. from.Weights.Zip(to.Weights).Select(pair => Load(pair.First, pair.Second)).OfType<FactoredWeight>()];
    }

    private static FactoredWeight? Load(ModelWeight theirs, ModelWeight ours)
    {
        // Factors of one rank are taken over as they are: their product would be factored again, with a digit lost.
        if (
            theirs is FactorsWeight { Layer: { EffectiveWeight: null } layer }
            && ours is FactorsWeight factors
            && factors.Layer.Rank == layer.Rank
        )
        {
            using var u = layer.FoldedU();
            factors.LoadFactors(u, layer.V);
            return null;
        }

        using var values = theirs.Read();
        return ours.Load(values, new FactoringOptions());
    }
}
