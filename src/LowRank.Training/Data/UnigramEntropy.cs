namespace LowRank.Training.Data;

/// <summary>What a model that knows only how often each token occurs would score: the first line that a trained model must pass.</summary>
internal static class UnigramEntropy
{
    /// <summary>
    /// Cross-entropy of the validation tokens under the training tokens' frequencies, one added to every count; nats per token.
    /// </summary>
    /// <param name="training">How often each id occurs in the training text.</param>
    /// <param name="validation">The same of the validation text; not all zero.</param>
    public static double Measure(ReadOnlySpan<long> training, ReadOnlySpan<long> validation)
    {
        double total = training.Length;
        double tokens = 0;
        double weightedLogs = 0;
        for (var id = 0; id < training.Length; id++)
        {
            total += training[id];
            tokens += validation[id];
            weightedLogs += validation[id] * Math.Log(training[id] + 1.0);
        }

        return Math.Log(total) - (weightedLogs / tokens);
    }
}
