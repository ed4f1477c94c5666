using LowRank.Training.Wording;

namespace LowRank.Training.Runs;

/// <summary>Finds the declared model that a name on the command line means.</summary>
internal static class ModelLookup
{
    private const int Shown = 3;

    /// <summary>The first few declared models and how many more there are: <c>A, B, C and 4 more</c>.</summary>
    public static string Some()
    {
        var names = ModelCatalog.Models.Select(ModelNames.Short).ToArray();
        return names.Length <= Shown + 1
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(Shown))} and {names.Length - Shown} more";
    }

    /// <summary>The model.</summary>
    /// <exception cref="InputException">There is none of that name, or several.</exception>
    public static ModelEntry Find(string name)
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
