namespace LowRank.Training.Data.Examples;

/// <summary>The examples to train on, and those held out.</summary>
/// <param name="Training">The former.</param>
/// <param name="Validation">The latter.</param>
/// <param name="Empty">How many were passed over since nothing of them counts.</param>
internal sealed record ExampleSplits(ExampleShard Training, ExampleShard Validation, long Empty) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Training.Dispose();
        Validation.Dispose();
    }
}
