using LowRank.Training.Loop;
using LowRank.Training.Runs;

namespace LowRank.Training.Experiments;

/// <summary>What the contenders of an experiment come to beside its baseline.</summary>
/// <param name="file">The experiment.</param>
/// <param name="results">What the store holds, in the order of the file.</param>
internal sealed class ExperimentRatios(ExperimentFile file, IReadOnlyList<ContenderResult> results)
{
    /// <summary>A figure's ratio to the baseline's of the same seed, over the seeds that both finished; null without any.</summary>
    public Spread? Ratio(ContenderResult result, Func<StoredRun, double> figure) =>
        Ratio(result, results.Single(other => other.Contender.Name == file.Baseline), figure);

    /// <summary>A figure's ratio to another contender's of the same seed, over the seeds that both finished; null without any.</summary>
    public static Spread? Ratio(ContenderResult result, ContenderResult other, Func<StoredRun, double> figure)
    {
        var beside = other.Finished.ToDictionary(run => run.Result.Seed, run => run.Run);
        return Spread.Of([
            .. result
                .Finished.Where(run => beside.ContainsKey(run.Result.Seed))
                .Select(run => figure(run.Run) / figure(beside[run.Result.Seed])),
        ]);
    }

    /// <summary>
    /// The dense contender of as many forward FLOPs per token as a factored one of the same model, where it reads as many tokens or both
    /// train for the baseline's FLOPs; null without any. Rates and optimizers may differ: every recipe has its own.
    /// </summary>
    public ContenderResult? FlopMatched(ContenderResult result)
    {
        var (entry, variant) = ExperimentMatrix.Subject(result.Contender);
        return variant is Variant.LowRank or Variant.Guided && FirstOf(result) is { } own
            ? results.FirstOrDefault(other =>
                ExperimentMatrix.Subject(other.Contender) == (entry, Variant.FlopMatched)
                && FirstOf(other) is { } its
                && (its.Tokens == own.Tokens || (CostsAsBaseline(result.Contender) && CostsAsBaseline(other.Contender)))
            )
            : null;
    }

    // Of what is trained from the start and stays what it is: a dense phase costs more than the factors.
    private static RunResult? FirstOf(ContenderResult result) =>
        result.Finished.FirstOrDefault(run => run.Run.Plan.Options is { FineTuning: null, DenseFrom: null }).Result;

    private bool CostsAsBaseline(Contender contender) => contender.EqualFlops || contender.Name == file.Baseline;

    /// <summary>
    /// The contender that differs in the FLOPs rule alone (and in the learning rate) and trains for the baseline's FLOPs; itself where it
    /// does, as the baseline.
    /// </summary>
    public ContenderResult? Twin(ContenderResult result) =>
        result.Contender.EqualFlops || result.Contender.Name == file.Baseline
            ? result
            : results.FirstOrDefault(other => other.Contender.EqualFlops && other.Contender.TrainsLike(result.Contender));

    /// <summary>Perplexity of the validation text.</summary>
    public static double Perplexity(StoredRun run) => run.Result!.ValidationPerplexity;

    /// <summary>Training FLOPs, paper convention.</summary>
    public static double Flops(StoredRun run) => (double)run.Result!.TrainingFlops;

    /// <summary>Training seconds, every step at the median of its like.</summary>
    public static double Seconds(StoredRun run) => run.MedianSeconds;

    /// <summary>Parameters at the end.</summary>
    public static double Parameters(StoredRun run) => run.Result!.Parameters;
}
