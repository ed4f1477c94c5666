namespace LowRank.Decoding;

/// <summary>A part of the pass of one token per row.</summary>
internal abstract class DecodingStep : Job
{
    /// <summary>Does its part for all rows.</summary>
    public abstract void Run(DecodingBatch batch);

    /// <summary>Does nothing where a step has no chunks to share.</summary>
    public override void Run(int chunk) { }
}
