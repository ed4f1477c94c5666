using LowRank.Layers;
using LowRank.Models;
using LowRank.Reparameterization;
using LowRank.Training.Runs;
using LowRank.Training.Wording;
using static TorchSharp.torch;

namespace LowRank.Training.FineTuning;

/// <summary>Decides what is changed about a trained model, and changes it.</summary>
public static class FineTuner
{
    private static readonly OptionName Rank = new(nameof(FineTuningOptions.Rank));
    private static readonly OptionName Ratio = new(nameof(FineTuningOptions.Ratio));
    private static readonly OptionName Energy = new(nameof(FineTuningOptions.Energy));
    private static readonly OptionName Projections = new(nameof(FineTuningOptions.Projections));

    /// <summary>The changes that a method makes on a model; the model stays as it is.</summary>
    /// <param name="model">The trained model.</param>
    /// <param name="options">The method.</param>
    /// <exception cref="InputException">The model has not what is asked for, or a rank is too large.</exception>
    public static ModelChanges Plan(LanguageModel model, FineTuningOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (options.Method is FineTuningMethod.Full or FineTuningMethod.GaLore)
            return ModelChanges.None;
        if (model.HasGuide)
            throw InputException.Naming(
                $"{model.Accounting.Model} still has guides; train it until they are gone, or fine-tune it with {new OptionName(nameof(FineTuningOptions.Method))} full."
            );
        if (model.LoraAdapters.Any())
            throw InputException.Naming(
                $"{model.Accounting.Model} has adapters already; train them on with {new OptionName(nameof(FineTuningOptions.Method))} full, begin with the model that they adapt, or merge them into its weights first ('export', then 'import')."
            );
        var dense = LinearSite.Of(model).Where(site => site.Layer is Linear).ToList();
        var changes =
            options.Method == FineTuningMethod.Lora
                ? new ModelChanges([], [.. dense.Select(site => Adapt(site, options)).Where(layer => layer.Parts.Count > 0)])
                : new ModelChanges([.. dense.SelectMany(site => Factor(site, options))], []);
        if (changes.Adapted.Count + changes.Factored.Count > 0)
            return changes with { Planned = (DeclaredModel.NameOf(model), options.Method) };
        if (dense.Count == 0)
            throw InputException.Naming(
                $"All layers of {model.Accounting.Model} are factored, and none is left to change; fine-tune it with {new OptionName(nameof(FineTuningOptions.Method))} full."
            );
        var there = dense.SelectMany(site => site.Roles).Select(role => role.Name).Distinct();
        throw dense.Any(site => site.Roles.Any(role => IsSelected(role, options)))
            ? InputException.Naming($"No layer would be smaller as factors; lower {Energy} or {Ratio}, or give {Rank}.")
            : InputException.Naming(
                $"{Projections} selects no dense layer of {model.Accounting.Model}; it has {string.Join(", ", there)}."
            );
    }

    /// <summary>Begins a run: changes the model as its options say.</summary>
    internal static ModelChanges? Begin(LanguageModel model, TrainingOptions options, ModelChanges? earlier)
    {
        // Adapters that were saved in the weights are taken out again to be trained on.
        foreach (var layer in model.modules().OfType<LoraLinear>())
            layer.Unmerge();
        if (options.FineTuning is not { } fineTuning)
            return earlier;
        var changes = Plan(model, fineTuning);
        changes.ApplyTo(model, fineTuning);
        return changes == ModelChanges.None ? earlier : (earlier ?? ModelChanges.None).With(changes);
    }

    private static bool IsSelected(LinearRole role, FineTuningOptions options) => (role.Projection & options.Projections) != 0;

    private static AdaptedLayer Adapt(LinearSite site, FineTuningOptions options)
    {
        var rank = options.Rank!.Value;
        var parts = new List<LoraPart>();
        foreach (var role in site.Roles.Where(role => IsSelected(role, options)))
        {
            CheckRank(rank, site, role);
            parts.Add(
                new(site.IsFused ? role.Name : "", role.FirstOutput, role.Outputs, rank, options.Alpha, options.Dropout)
                {
                    RankStabilized = options.RankStabilized,
                }
            );
        }

        return new(site.Name, parts);
    }

    private static IEnumerable<FactoredLayer> Factor(LinearSite site, FineTuningOptions options)
    {
        foreach (var role in site.Roles.Where(role => IsSelected(role, options)))
        {
            var rank = RankOf(site, role, options);
            CheckRank(rank, site, role);
            // A rank that follows the spectrum, and holds as much as the weight itself, is none: the layer stays dense.
            if (options.Energy is not null && rank * (site.Layer.Inputs + role.Outputs) >= site.Layer.Inputs * role.Outputs)
                continue;
            yield return new(site.Name, site.IsFused ? role.Name : "", rank);
        }
    }

    private static int RankOf(LinearSite site, LinearRole role, FineTuningOptions options)
    {
        if (options.Rank is { } rank)
            return rank;
        var (inputs, outputs) = (site.Layer.Inputs, role.Outputs);
        if (options.Ratio is { } ratio)
            return (int)((decimal)ratio * inputs * outputs / ((decimal)inputs + outputs));
        using var noGradient = no_grad();
        using var weight = ((Linear)site.Layer).Weight.narrow(0, role.FirstOutput, role.Outputs);
        return TruncatedFactorization.RankKeeping(weight, options.Energy!.Value);
    }

    private static void CheckRank(int rank, LinearSite site, LinearRole role)
    {
        var name = site.IsFused ? $"{site.Name}.{role.Name}" : site.Name;
        var smallest = Math.Min(site.Layer.Inputs, role.Outputs);
        if (rank > smallest)
            throw InputException.Naming(
                $"Rank {rank} is above {smallest}, the smaller side of {name} ({site.Layer.Inputs} → {role.Outputs}); lower {Rank}, or leave it out of {Projections}."
            );
        if (rank < 1)
            throw InputException.Naming($"{Ratio} leaves no rank for {name} ({site.Layer.Inputs} → {role.Outputs}); raise it.");
    }
}
