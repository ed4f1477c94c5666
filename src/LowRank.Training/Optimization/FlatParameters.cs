using LowRank.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// All parameters of a model in flat buffers: one for what stays, and one per guide, freed when its guide is released.
/// </summary>
public sealed class FlatParameters : IDisposable
{
    private readonly List<(FlatBuffer Buffer, LowRankLinear Linear)> guides = [];

    /// <summary>Moves the model's parameters into flat buffers.</summary>
    /// <param name="model">The model, on its final device.</param>
    public FlatParameters(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var lasting = new List<(string, Parameter)>();
        var linears = model.named_modules()
            .Where(entry => entry.module is LowRankLinear { Guide: not null })
            .ToDictionary(entry => $"{entry.name}.guide", entry => (LowRankLinear)entry.module, StringComparer.Ordinal);
        foreach (var (name, parameter) in model.named_parameters())
        {
            // What is frozen has neither gradient nor moments.
            if (!parameter.requires_grad)
                continue;
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
    }

    /// <summary>The parameters that stay to the end.</summary>
    public FlatBuffer Lasting { get; }

    /// <summary>The buffers that exist now, the lasting one first.</summary>
    public IEnumerable<FlatBuffer> Buffers =>
        guides.Select(guide => guide.Buffer).Where(buffer => !buffer.IsReleased).Prepend(Lasting);

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
        foreach (var (buffer, _) in guides)
            buffer.Dispose();
    }
}
