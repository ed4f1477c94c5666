using LowRank.Blocks;
using LowRank.Models;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.Training.Loop;

/// <summary>
/// What the mixtures of a model have counted in a step, behind the step's loss: one vector, so that one message sums all over the ranks,
/// and every rank moves its biases alike.
/// </summary>
/// <param name="model">The model.</param>
internal sealed class ExpertLoads(LanguageModel model)
{
    // The loss, and how many ranks are asked to stop.
    private const int Before = 2;

    private readonly List<ExpertFeedForward> mixtures = [.. model.Mixtures];

    /// <summary>Number of experts of each mixture.</summary>
    public IReadOnlyList<int> Experts => [.. mixtures.Select(mixture => mixture.Experts.Count)];

    /// <summary>The loss with the counts behind it. Takes the loss over.</summary>
    /// <param name="loss">Float64 <c>[2]</c>.</param>
    public Tensor Behind(Tensor loss)
    {
        if (mixtures.Count == 0)
            return loss;
        using (loss)
            return cat([loss, .. mixtures.Select(mixture => mixture.Statistics)]);
    }

    /// <summary>Gives the mixtures the sums over all ranks.</summary>
    /// <param name="sums">What <see cref="Behind"/> returned, summed.</param>
    public void TakeSums(Tensor sums)
    {
        using var noGradient = no_grad();
        var place = Before;
        foreach (var statistics in mixtures.Select(mixture => mixture.Statistics))
        {
            using var own = sums.narrow(0, place, statistics.shape[0]);
            statistics.copy_(own);
            place += (int)statistics.shape[0];
        }
    }

    /// <summary>What is reported of the counts; null where there are none.</summary>
    /// <param name="experts">Number of experts of each mixture.</param>
    /// <param name="counts">The counts and the balancing loss of each, one behind the other.</param>
    /// <param name="sequences">Sequences of the step.</param>
    public static ExpertMetrics? Metrics(IReadOnlyList<int> experts, ReadOnlySpan<double> counts, int sequences)
    {
        if (experts.Count == 0)
            return null;
        var (balance, largest) = (0.0, 0.0);
        foreach (var count in experts)
        {
            var loads = counts[..count];
            var (most, total) = (0.0, 0.0);
            foreach (var load in loads)
                (most, total) = (Math.Max(most, load), total + load);
            balance += counts[count] / sequences;
            largest = Math.Max(largest, total > 0 ? most * count / total : 0);
            counts = counts[(count + 1)..];
        }

        return new(balance / experts.Count, largest);
    }
}
