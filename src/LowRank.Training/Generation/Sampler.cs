namespace LowRank.Training.Generation;

/// <summary>
/// Draws token ids from logits: temperature first, then top-k, then top-p (nucleus sampling, Holtzman et al., 2020) on what is left.
/// Equal seeds draw equal sequences. Not safe for threads.
/// </summary>
internal sealed class Sampler
{
    private readonly SamplingOptions options;
    private readonly Random random;
    private readonly IReadOnlyList<int> never;

    /// <summary>A sampler at the beginning of its sequence of draws.</summary>
    /// <param name="options">Temperature, limits and seed.</param>
    /// <param name="never">Ids that are never drawn; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative temperature or top-k, or a top-p outside (0, 1].</exception>
    public Sampler(SamplingOptions options, IReadOnlyList<int>? never = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!(options.Temperature >= 0) || !double.IsFinite(options.Temperature))
            throw new ArgumentOutOfRangeException(nameof(options), options.Temperature, "The temperature is negative or not finite.");
        ArgumentOutOfRangeException.ThrowIfNegative(options.TopK, nameof(options));
        if (!(options.TopP is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(options), options.TopP, "The top-p is outside (0, 1].");
        this.options = options;
        random = new Random(Fold(options.Seed));
        this.never = never ?? [];
    }

    /// <summary>Draws one token.</summary>
    /// <param name="logits">One value per token id, not normalized.</param>
    /// <returns>The token's id.</returns>
    public int Sample(ReadOnlySpan<float> logits)
    {
        logits = Allowed(logits);
        if (options.Temperature == 0)
            return Likeliest(logits);
        var probabilities = ProbabilitiesOf(logits);
        var drawn = random.NextDouble();
        var sum = 0.0;
        var last = 0;
        for (var id = 0; id < probabilities.Length; id++)
        {
            if (probabilities[id] == 0)
                continue;
            sum += probabilities[id];
            last = id;
            if (drawn < sum)
                break;
        }

        // Rounding can leave the sum a hair under 1: the last possible token takes the rest.
        return last;
    }

    /// <summary>The probability with which each token would be drawn, after temperature and limits.</summary>
    /// <param name="logits">One value per token id, not normalized.</param>
    /// <returns>One probability per token id; they sum to 1.</returns>
    public double[] Probabilities(ReadOnlySpan<float> logits) => ProbabilitiesOf(Allowed(logits));

    private double[] ProbabilitiesOf(ReadOnlySpan<float> logits)
    {
        var likeliest = Likeliest(logits);
        var probabilities = new double[logits.Length];
        if (options.Temperature == 0)
        {
            probabilities[likeliest] = 1;
            return probabilities;
        }

        for (var id = 0; id < logits.Length; id++)
            probabilities[id] = float.IsNaN(logits[id]) ? 0 : Math.Exp(((double)logits[id] - logits[likeliest]) / options.Temperature);
        Normalize(probabilities);
        Truncate(probabilities);
        return probabilities;
    }

    // What is no number is never drawn.
    private ReadOnlySpan<float> Allowed(ReadOnlySpan<float> logits)
    {
        if (never.Count == 0)
            return logits;
        var allowed = logits.ToArray();
        foreach (var id in never)
        {
            if (id < allowed.Length)
                allowed[id] = float.NaN;
        }

        return allowed;
    }

    // System.Random keeps its seeded sequence across .NET versions, but takes 32 bits: the finalizer of SplitMix64 mixes all 64 into them.
    private static int Fold(long seed)
    {
        var mixed = unchecked((ulong)seed + 0x9E3779B97F4A7C15);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        return (int)(mixed >> 33);
    }

    private static int Likeliest(ReadOnlySpan<float> logits)
    {
        var best = -1;
        for (var id = 0; id < logits.Length; id++)
        {
            if (!float.IsNaN(logits[id]) && (best < 0 || logits[id] > logits[best]))
                best = id;
        }

        return best >= 0
            ? best
            : throw new InputException("There is no logit that is a number: the model has diverged, or its weights are too large.");
    }

    private void Truncate(double[] probabilities)
    {
        var limit = options.TopK == 0 ? probabilities.Length : Math.Min(options.TopK, probabilities.Length);
        if (limit == probabilities.Length && options.TopP >= 1)
            return;

        // Ties keep the order of the ids, so that the same logits always leave the same tokens.
        var order = Enumerable.Range(0, probabilities.Length).OrderByDescending(id => probabilities[id]).ToArray();
        foreach (var id in order.AsSpan(limit))
            probabilities[id] = 0;
        Normalize(probabilities);
        if (options.TopP >= 1)
            return;

        var mass = 0.0;
        foreach (var id in order)
        {
            if (mass >= options.TopP)
                probabilities[id] = 0;
            mass += probabilities[id];
        }

        Normalize(probabilities);
    }

    private static void Normalize(double[] probabilities)
    {
        var sum = 0.0;
        foreach (var probability in probabilities)
            sum += probability;
        for (var id = 0; id < probabilities.Length; id++)
            probabilities[id] /= sum;
    }
}
