using LowRank.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// All parameters of a model in flat buffers: one for what stays, one for the factors that are rebalanced at the same steps, whose moments
/// start anew then, and one per guide, freed when its guide is released.
/// </summary>
public sealed class FlatParameters : IDisposable
{
    private readonly List<(FlatBuffer Buffer, LowRankLinear Linear)> guides = [];
    private readonly List<FlatBuffer> rebalanced = [];

    /// <summary>Moves the model's parameters into flat buffers.</summary>
    /// <param name="model">The model, on its final device.</param>
    public FlatParameters(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var lasting = new List<(string, Parameter)>();
        var periods = new SortedDictionary<int, List<(string, Parameter)>>();
        var linears = model.named_modules()
            .Where(entry => entry.module is LowRankLinear { Guide: not null })
            .ToDictionary(entry => $"{entry.name}.guide", entry => (LowRankLinear)entry.module, StringComparer.Ordinal);
        var factors = model.named_modules()
            .Where(entry => entry.module is LowRankLinear { Factors.RebalanceEvery: > 0 })
            .SelectMany(entry => new[] { $"{entry.name}.u", $"{entry.name}.v" }.Select(name => (name, linear: (LowRankLinear)entry.module)))
            .ToDictionary(pair => pair.name, pair => pair.linear, StringComparer.Ordinal);
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (factors.TryGetValue(name, out var balanced))
            {
                var every = balanced.Factors.RebalanceEvery;
                if (!periods.TryGetValue(every, out var together))
                    periods.Add(every, together = []);
                together.Add((name, parameter));
                continue;
            }

            if (!linears.TryGetValue(name, out var linear))
            {
                lasting.Add((name, parameter));
                continue;
            }

            var buffer = new FlatBuffer([(name, parameter)]);
            using (var gradient = FlatBuffer.View(buffer.Gradients, buffer.Slices[0]))
                linear.ShareGuideGradient(gradient);
            linear.GuideReleased += (_, _) => buffer.Dispose();
            guides.Add((buffer, linear));
        }

        Lasting = new FlatBuffer(lasting);
        foreach (var (every, together) in periods)
        {
            var buffer = new FlatBuffer(together);
            rebalanced.Add(buffer);
            foreach (var linear in factors.Values.Where(linear => linear.Factors.RebalanceEvery == every).Distinct())
                linear.Rebalanced += (_, _) => Restart(buffer);
        }
    }

    /// <summary>The parameters that stay to the end.</summary>
    public FlatBuffer Lasting { get; }

    /// <summary>The buffers that exist now, the lasting one first.</summary>
    public IEnumerable<FlatBuffer> Buffers =>
        guides.Select(guide => guide.Buffer).Where(buffer => !buffer.IsReleased).Concat(rebalanced).Prepend(Lasting);

    /// <summary>Marks the guides that take part in the coming step. Call it after the model has prepared the step.</summary>
    public void FollowGuides()
    {
        foreach (var (buffer, linear) in guides)
            buffer.IsActive = linear.UsesEffectiveWeight;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Lasting.Dispose();
        foreach (var buffer in rebalanced)
            buffer.Dispose();
        foreach (var (buffer, _) in guides)
            buffer.Dispose();
    }

    // With the count of updates: the bias correction belongs to moments that begin at zero.
    private static void Restart(FlatBuffer buffer)
    {
        using var noGradient = no_grad();
        buffer.FirstMoments.zero_();
        buffer.SecondMoments.zero_();
        buffer.Updates = 0;
    }
}
