namespace LowRank.Decoding;

/// <summary>Work that is done in independent chunks.</summary>
internal abstract class Job
{
    /// <summary>Does one chunk. Must not throw: it runs on other threads as well.</summary>
    public abstract void Run(int chunk);
}
