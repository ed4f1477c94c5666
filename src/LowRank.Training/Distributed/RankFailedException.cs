namespace LowRank.Training.Distributed;

/// <summary>Another rank has failed or died: this one can't go on.</summary>
internal sealed class RankFailedException : Exception
{
    /// <param name="failure">Which rank, and how.</param>
    public RankFailedException(RankFailure failure)
        : base(failure.ToString()) => Failure = failure;

    /// <summary>Which rank, and how.</summary>
    public RankFailure Failure { get; }
}
