using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Runs;

namespace LowRank.Training.FineTuning;

/// <summary>What was changed about a live model, found by comparing its layers with those of its declaration.</summary>
internal static class FoundChanges
{
    /// <summary>Finds the changes; null where there are none.</summary>
    /// <param name="model">The model.</param>
    /// <param name="declaration">What it was built from.</param>
    public static ModelChanges? In(LanguageModel model, DeclaredModel declaration)
    {
        // Layers of a model that is written by hand can't have been replaced.
        if (!model.Sublayers.SelectMany(sublayer => sublayer.Layers).All(layer => layer is ILinearHost))
            return null;
        using var declared = declaration.WithoutMemory();
        var found = LinearSite.Of(model).ToDictionary(site => site.Name, site => site.Layer, StringComparer.Ordinal);
        var (factored, adapted) = (new List<FactoredLayer>(), new List<AdaptedLayer>());
        foreach (var site in LinearSite.Of(declared).Where(site => site.Layer is Linear))
        {
            if (found.TryGetValue(site.Name, out var whole))
            {
                Add(site.Name, "", site.Name, whole);
                continue;
            }

            // A fused product that was factored has become one layer for each role.
            foreach (var role in site.Roles)
                Add(site.Name, role.Name, $"{site.Name}.{role.Name}", found[$"{site.Name}.{role.Name}"]);
        }

        return factored.Count + adapted.Count == 0 ? null : new ModelChanges(factored, adapted);

        void Add(string layer, string role, string name, LinearLayer now)
        {
            if (now is LowRankLinear factors)
                factored.Add(new(layer, role, factors.Rank));
            else if (now is LoraLinear adapters)
                adapted.Add(new(name, [.. adapters.Adapters.Select(adapter => adapter.Part)]));
        }
    }
}
