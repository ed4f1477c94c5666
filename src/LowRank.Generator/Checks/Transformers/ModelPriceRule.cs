using System.Globalization;
using LowRank.Costs;
using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Says at a model's name what the model costs, beside the same model without any low rank.</summary>
internal sealed class ModelPriceRule : IRule<CostedTransformer>
{
    public IEnumerable<Finding> Check(CostedTransformer costed)
    {
        var total = costed.Costs.Total;
        // The dense model may be too large to account for where the factored one is not.
        if (Overflow.Of(() => ModelCosts.Of(ShapeInference.Dense(costed.Model))) is not { } dense)
            yield break;
        yield return Finding.Of(
            RankNotes.ModelPrice,
            Model.Target.Class,
            costed.Model.Type.Name,
            Number(total.Parameters) + Active(total),
            ShareOf(total.Parameters, dense.Total.Parameters, "the dense model's"),
            Training(costed, dense),
            Memory(StateMemoryFormula.Of(total.Parameters, total.GuideParameters)),
            total.GuideParameters > 0 ? " at the first step" : ""
        );
    }

    private static string Active(CostTotals total) =>
        total.ActiveParameters == total.Parameters ? "" : $" ({Number(total.ActiveParameters)} active for a token)";

    private static string Training(CostedTransformer costed, ModelCosts dense)
    {
        if (costed.Costs.Training is not { } training || costed.Model.Run is not { } run)
            return "";
        var flops = training.TrainingFlops.ToString("0.0000e0", CultureInfo.InvariantCulture);
        var share = ShareOf(training.TrainingFlops, dense.Training!.TrainingFlops, "the dense run's");
        return FormattableString.Invariant(
            $"; training takes {flops} FLOPs{share}, {(decimal)run.Tokens / costed.Costs.Total.Parameters:0.0} tokens per parameter"
        );
    }

    // A model without any low rank is its own measure.
    private static string ShareOf(decimal amount, decimal dense, string whose) =>
        amount == dense ? "" : FormattableString.Invariant($", {100 * amount / dense:0.0} % of {whose}");

    private static string Memory(decimal bytes) =>
        bytes < 1L << 30
            ? FormattableString.Invariant($"{bytes / (1L << 20):0.0} MiB")
            : FormattableString.Invariant($"{bytes / (1L << 30):0.0} GiB");

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
