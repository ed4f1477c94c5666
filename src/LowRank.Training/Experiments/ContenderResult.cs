using LowRank.Training.Loop;

namespace LowRank.Training.Experiments;

/// <summary>What the store holds of a contender.</summary>
/// <param name="Contender">The contender.</param>
/// <param name="Sweep">Runs that chose the learning rate.</param>
/// <param name="Runs">Runs that are compared, failed ones included.</param>
internal sealed record ContenderResult(Contender Contender, IReadOnlyList<StoredRun> Sweep, IReadOnlyList<StoredRun> Runs)
{
    /// <summary>The runs that finished.</summary>
    public IEnumerable<(StoredRun Run, RunResult Result)> Finished =>
        Runs.Where(run => run.Result is not null).Select(run => (run, run.Result!));
}
