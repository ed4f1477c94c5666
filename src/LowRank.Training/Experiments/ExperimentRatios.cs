namespace LowRank.Training.Experiments;

/// <summary>What the contenders of an experiment come to beside its baseline.</summary>
/// <param name="file">The experiment.</param>
/// <param name="results">What the store holds, in the order of the file.</param>
internal sealed class ExperimentRatios(ExperimentFile file, IReadOnlyList<ContenderResult> results)
{
    /// <summary>A figure's ratio to the baseline's of the same seed, over the seeds that both finished; null without any.</summary>
    public Spread? Ratio(ContenderResult result, Func<StoredRun, double> figure)
    {
        var baseline = results
            .Single(other => other.Contender.Name == file.Baseline)
            .Finished.ToDictionary(run => run.Result.Seed, run => run.Run);
        return Spread.Of([
            .. result
                .Finished.Where(run => baseline.ContainsKey(run.Result.Seed))
                .Select(run => figure(run.Run) / figure(baseline[run.Result.Seed])),
        ]);
    }

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
