namespace LowRank.Training.Runs.Options;

/// <summary>
/// What a run takes where neither the user nor the declaration says anything; command line and experiments take the same.
/// </summary>
internal static class UsualValues
{
    /// <summary>Steps of a model without a declared run.</summary>
    public const long Steps = 1_000;

    /// <summary>Sequences in one step of a model without a declared run.</summary>
    public const int SequencesPerStep = 32;

    /// <summary>Peak learning rate of a trained model's adapters.</summary>
    public const double AdapterLearningRate = 1e-3;

    /// <summary>Peak learning rate of a trained model's weights or factors.</summary>
    public const double FineTuningLearningRate = 3e-4;

    private const int TokensPerMicroBatch = 8_192;

    /// <summary>Sequences in one pass of a model without a declared run.</summary>
    /// <param name="context">Tokens in one sequence.</param>
    public static int SequencesPerMicroBatch(int context) => Math.Max(1, TokensPerMicroBatch / context);

    /// <summary>Steps between evaluations: some forty points make a curve.</summary>
    /// <param name="steps">Steps of the run.</param>
    public static long EvaluateEvery(long steps) => Math.Max(10, steps / 40);

    /// <summary>Steps between checkpoints: some twenty lose little when a machine dies.</summary>
    /// <param name="steps">Steps of the run.</param>
    public static long CheckpointEvery(long steps) => Math.Max(100, steps / 20);

    /// <summary>
    /// The wanted size of a micro-batch where it divides the number of sequences; else the largest smaller one that does.
    /// </summary>
    /// <param name="sequences">Sequences in one step.</param>
    /// <param name="wanted">Sequences in one pass.</param>
    public static int DividingMicroBatch(int sequences, int wanted)
    {
        for (var size = Math.Min(wanted, sequences); size > 1; size--)
        {
            if (sequences % size == 0)
                return size;
        }

        return 1;
    }
}
