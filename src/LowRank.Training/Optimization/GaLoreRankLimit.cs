using LowRank.Models;
using LowRank.Training.Wording;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>No matrix that GaLore trains may have a smaller side below the rank to which its gradients are projected.</summary>
internal static class GaLoreRankLimit
{
    // The name that it has among the options of a run.
    private static readonly OptionName Name = new("GaLoreRank");

    /// <summary>Refuses a rank that is too large for a model, of which the sizes are enough.</summary>
    /// <exception cref="InputException">It is.</exception>
    public static void Check(LanguageModel model, int rank)
    {
        var kinds = new ParameterKinds(model);
        Check(
            model
                .named_parameters()
                .Where(named => named.parameter.requires_grad && kinds.Of(named.parameter) is ParameterKind.Matrix or ParameterKind.Guide)
                .Select(named => (named.name, (Tensor)named.parameter))
                .ToList(),
            rank
        );
    }

    /// <summary>Refuses a rank that is too large for one of some matrices.</summary>
    /// <exception cref="InputException">It is.</exception>
    public static void Check(IReadOnlyCollection<(string Name, Tensor Matrix)> matrices, int rank)
    {
        foreach (var (name, matrix) in matrices)
        {
            if (rank > matrix.shape.Min())
                throw Refusal(rank, name, matrix.shape[0], matrix.shape[1], matrices.Min(other => other.Matrix.shape.Min()));
        }
    }

    /// <summary>The refusal.</summary>
    /// <param name="rank">The rank, which nobody may have given.</param>
    /// <param name="weight">A weight that is too small for it.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="most">The largest rank that all weights have room for.</param>
    public static InputException Refusal(int rank, string weight, long rows, long columns, long most) =>
        rank == GaLoreOptions.UsualRank
            ? InputException.Naming(
                $"{Name} is {rank} unless another one is given, which is larger than the smaller side of {weight}, which is {rows} × {columns}; give {Name} of at most {most}."
            )
            : InputException.Naming(
                $"{Name} {rank} is larger than the smaller side of {weight}, which is {rows} × {columns}; choose at most {most}."
            );
}
