using LowRank.Layers;
using LowRank.Models;
using LowRank.Reparameterization;
using LowRank.Training.Runs;
using LowRank.Training.Weights;
using static TorchSharp.torch;
using Linear = LowRank.Layers.Linear;

namespace LowRank.Training.FineTuning;

/// <summary>
/// What fine-tuning has changed about a declared model: all that is needed to build it again. Factoring comes before adapting.
/// </summary>
/// <param name="Factored">The layers that became factors.</param>
/// <param name="Adapted">The layers that were given adapters.</param>
public sealed record ModelChanges(IReadOnlyList<FactoredLayer> Factored, IReadOnlyList<AdaptedLayer> Adapted)
{
    /// <summary>Nothing changed.</summary>
    internal static ModelChanges None { get; } = new([], []);

    /// <summary>For which model and by which method they were planned; null where they were read or put together.</summary>
    internal (string Model, FineTuningMethod Method)? Planned { get; init; }

    /// <summary>
    /// Makes the changes on a model as it is declared. Its weights go along: factors by truncated factorization, the dense weight as their
    /// guide; adapters add nothing at first, their A drawn by the seed of the model's options. All but the adapters is frozen where there
    /// are any.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How guides take part; null leaves them out.</param>
    /// <returns>What was lost where weights became factors.</returns>
    /// <exception cref="InputException">The model has not the layers that were changed, or they were planned for another one or another
    /// method.</exception>
    public IReadOnlyList<FactoredWeight> ApplyTo(LanguageModel model, FineTuningOptions? options)
    {
        ArgumentNullException.ThrowIfNull(model);
        CheckPlan(model, options);
        var lost = new List<FactoredWeight>();
        var guided = new List<LowRankLinear>();
        var hasGuide = options is { Method: FineTuningMethod.LowRank, Guide: not Guide.None };
        foreach (var layer in Factored.GroupBy(change => change.Layer))
        {
            var (site, dense) = Find(model, layer.Key);
            var ranks = layer.ToDictionary(change => change.Role, change => change.Rank, StringComparer.Ordinal);
            LinearLayer Part(LinearRole role) =>
                ranks.TryGetValue(site.IsFused ? role.Name : "", out var rank)
                    ? Factor(site, dense, role, rank, hasGuide, model.Options, guided, lost)
                    : Copy(dense, role, model.Options);
            site.Host.Replace(
                site.Child,
                site.IsFused ? new ConcatenatedLinear([.. site.Roles.Select(role => (role.Name, Part(role)))]) : Part(site.Roles[0])
            );
            dense.Dispose();
        }

        foreach (var change in Adapted)
        {
            var (site, dense) = Find(model, change.Layer);
            CheckParts(site, change);
            site.Host.Replace(site.Child, new LoraLinear(dense, model.Options, [.. change.Parts]));
        }

        if (guided.Count > 0)
            model.FactoredLater = new GuideGroup(options!.PhaseOut, options.Guide, Schedule.Cosine, guided);
        if (Adapted.Count > 0)
        {
            model.FreezeAllButAdapters();
            DrawAdapters(model);
        }

        return lost;
    }

    /// <summary>These changes and further ones.</summary>
    /// <param name="later">The further ones.</param>
    internal ModelChanges With(ModelChanges later)
    {
        ArgumentNullException.ThrowIfNull(later);
        return new([.. Factored, .. later.Factored], [.. Adapted, .. later.Adapted]);
    }

    // Layers of another model may bear the same names.
    private void CheckPlan(LanguageModel model, FineTuningOptions? options)
    {
        if (Planned is not { } planned)
            return;
        var name = DeclaredModel.NameOf(model);
        if (!string.Equals(planned.Model, name, StringComparison.Ordinal))
            throw new InputException(
                $"The changes were planned for {planned.Model}, and the model is {name}; plan them for it with FineTuner.Plan."
            );
        if (options is not null && options.Method != planned.Method)
        {
            throw new InputException(
                $"The changes were planned for the method {planned.Method.Key()}, and the options are those of {options.Method.Key()}; give both the same."
            );
        }
    }

    // Their places in the model are known only now.
    private void DrawAdapters(LanguageModel model)
    {
        var added = Adapted.Select(layer => layer.Layer).ToHashSet(StringComparer.Ordinal);
        foreach (var site in LinearSite.Of(model).Where(site => added.Contains(site.Name)))
        {
            foreach (var adapter in ((LoraLinear)site.Layer).Adapters)
                InitialWeights.Kaiming(adapter, model.Options.Seed, $"{site.Name}.{adapter.Part.RegisteredName}");
        }
    }

    private static (LinearSite Site, Linear Dense) Find(LanguageModel model, string name) =>
        LinearSite.Of(model).FirstOrDefault(site => site.Name == name) is { Layer: Linear dense } found
            ? (found, dense)
            : throw new InputException(
                $"{model.Accounting.Model} has no dense layer '{Json.ShownText.Of(name)}' as it is declared now; use the declaration that was fine-tuned."
            );

    // The changes may come from a file: what the layer's own constructor would call a fault of the program is one of the file.
    private static void CheckParts(LinearSite site, AdaptedLayer change)
    {
        // One adapter over all of a layer, or one for each of its roles.
        var whole = change.Parts is [{ Name: "", FirstOutput: 0 } only] && only.Outputs == site.Layer.Outputs;
        var left = site.Roles.ToList();
        foreach (var part in change.Parts)
        {
            if (!whole)
            {
                var role =
                    left.Find(role =>
                        site.IsFused && role.Name == part.Name && role.FirstOutput == part.FirstOutput && role.Outputs == part.Outputs
                    ) ?? throw Wrong("are not those of the layer, or stand there twice");
                _ = left.Remove(role);
            }

            if (part.Rank < 1 || part.Rank > Math.Min(site.Layer.Inputs, part.Outputs))
                throw Wrong($"have the rank {part.Rank}, which must be from 1 to {Math.Min(site.Layer.Inputs, part.Outputs)}");
            if (!(part.Alpha > 0 && double.IsFinite(part.Alpha)) || part.Dropout is not (>= 0 and < 1))
                throw Wrong("have an alpha that is not above 0, or a dropout that is not from 0 to below 1");
        }

        if (change.Parts.Count == 0)
            throw Wrong("are none");

        InputException Wrong(string what) => new($"The adapters of '{site.Name}' {what}; use those that were trained beside this model.");
    }

    private static LowRankLinear Factor(
        LinearSite site,
        Linear dense,
        LinearRole role,
        int rank,
        bool guide,
        ModelOptions options,
        List<LowRankLinear> guided,
        List<FactoredWeight> lost
    )
    {
        using var noGradient = no_grad();
        var layer = new LowRankLinear(dense.Inputs, role.Outputs, rank, dense.Bias is not null, guide, options);
        using var weight = dense.Weight.narrow(0, role.FirstOutput, role.Outputs);
        using (var factors = TruncatedFactorization.Of(weight, rank))
        {
            layer.U.copy_(factors.U);
            layer.V.copy_(factors.V);
            lost.Add(new(site.IsFused ? $"{site.Name}.{role.Name}" : site.Name, rank, factors.RelativeError));
        }

        layer.Guide?.copy_(weight);
        CopyBias(dense, role, layer.Bias);
        if (guide)
            guided.Add(layer);
        return layer;
    }

    private static Linear Copy(Linear dense, LinearRole role, ModelOptions options)
    {
        using var noGradient = no_grad();
        var layer = new Linear(dense.Inputs, role.Outputs, dense.Bias is not null, options);
        using var weight = dense.Weight.narrow(0, role.FirstOutput, role.Outputs);
        layer.Weight.copy_(weight);
        CopyBias(dense, role, layer.Bias);
        return layer;
    }

    private static void CopyBias(Linear dense, LinearRole role, TorchSharp.Modules.Parameter? bias)
    {
        using var values = dense.Bias?.narrow(0, role.FirstOutput, role.Outputs);
        bias?.copy_(values!);
    }
}
