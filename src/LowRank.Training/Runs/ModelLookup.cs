using System.Collections.Concurrent;
using LowRank.Training.Variations;
using LowRank.Training.Wording;

namespace LowRank.Training.Runs;

/// <summary>Finds the declared model that a name on the command line means.</summary>
internal static class ModelLookup
{
    private const int Shown = 3;

    // Whoever asks twice gets one entry: tools tell models apart by them.
    private static readonly ConcurrentDictionary<(string Assembly, string FullName, string Changes), VariedModel> Varied = new();

    /// <summary>The first few declared models and how many more there are: <c>A, B, C and 4 more</c>.</summary>
    public static string Some()
    {
        var names = ModelCatalog.Models.Select(ModelNames.Short).ToArray();
        return names.Length <= Shown + 1
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(Shown))} and {names.Length - Shown} more";
    }

    /// <summary>The model, or with changes behind its name, <c>Model@rank=64,width=256</c>, the varied one.</summary>
    /// <exception cref="InputException">There is none of that name, or several; or it can't be varied so.</exception>
    public static ModelEntry Find(string name)
    {
        var (model, changes) = VariedModel.Split(name);
        return changes is null ? FindDeclared(model) : Vary(FindDeclared(model), changes).Entry;
    }

    /// <summary>The same with what it declares.</summary>
    /// <exception cref="InputException">As for <see cref="Find"/>; or the model has no <c>[Transformer]</c>.</exception>
    public static VariedModel FindVaried(string name)
    {
        var (model, changes) = VariedModel.Split(name);
        return changes is null ? VariedModel.Of(FindDeclared(model), Variation.Of([])) : Vary(FindDeclared(model), changes);
    }

    /// <summary>The models of a full name with or without changes: none, one, or one of each assembly that declares it.</summary>
    /// <exception cref="InputException">It can't be varied so any more.</exception>
    public static IReadOnlyList<ModelEntry> OfFullName(string fullName)
    {
        var (model, changes) = VariedModel.Split(fullName);
        var declared = ModelCatalog.Models.Where(entry => string.Equals(entry.FullName, model, StringComparison.Ordinal));
        return [.. changes is null ? declared : declared.Select(entry => Vary(entry, changes).Entry)];
    }

    /// <summary>The declared model that a varied one was made of; a declared one itself.</summary>
    public static ModelEntry Declared(ModelEntry entry) =>
        VariedModel.Split(entry.FullName) is (var model, not null)
            ? ModelCatalog.Models.First(other => other.FullName == model && other.Assembly == entry.Assembly)
            : entry;

    /// <summary>
    /// What the compiler would warn of in a varied model, and what its changes don't reach; nothing of a declared one, of which the
    /// compiler has said it.
    /// </summary>
    public static IReadOnlyList<string> RemarksOf(ModelEntry entry) =>
        VariedModel.Split(entry.FullName).Changes is { } changes && Vary(Declared(entry), changes) is var varied
            ? [.. varied.Warnings, .. varied.Notes]
            : [];

    private static VariedModel Vary(ModelEntry entry, string changes)
    {
        var variation = Variation.Parse(changes).For(DeclarationReader.Of(entry));
        return Varied.GetOrAdd((entry.Assembly, entry.FullName, variation.Text), _ => VariedModel.Of(entry, variation));
    }

    private static ModelEntry FindDeclared(string name)
    {
        var found = ModelCatalog.Find(name);
        if (found.Count == 1)
            return found[0];
        if (found.Count > 1)
            throw new InputException(
                $"'{name}' is the name of several models; say which one: {string.Join(" or ", found.Select(ModelNames.Quoted))}."
            );
        var hidden = ModelCatalog.Hidden.FirstOrDefault(model =>
            string.Equals(model.Name, name, StringComparison.OrdinalIgnoreCase)
            || string.Equals(model.FullName, name, StringComparison.OrdinalIgnoreCase)
        );
        if (hidden is not null)
            throw new InputException(
                $"The model {hidden.FullName} is declared, but can't be built from outside of its class: {hidden.Reason}. Make it internal or public."
            );
        var models = ModelCatalog.Models;
        if (models.Count == 0)
            throw new InputException($"There is no model '{name}': this program declares none; add a partial class with [Transformer].");
        var question = NearestNames.Question(name, models.Select(ModelNames.Short));
        throw new InputException($"There is no model '{name}'; {question ?? $"the models are {Some()}; 'list' shows them."}");
    }
}
