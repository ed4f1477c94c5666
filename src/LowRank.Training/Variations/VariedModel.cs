using System.Globalization;
using LowRank.Generator.Checks;
using LowRank.Generator.Checks.Transformers;
using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Training.Variations;

/// <summary>
/// A declared model with other numbers, held to the compiler's own rules and counted by its own costs. Named
/// <c>Model@rank=64,width=256</c>, it is trained, saved, resumed and exported as any other.
/// </summary>
/// <param name="Entry">The model as tools see it.</param>
/// <param name="Declaration">What a class with its numbers would declare.</param>
/// <param name="Warnings">What the compiler would warn of.</param>
internal sealed record VariedModel(ModelEntry Entry, TransformerDeclaration Declaration, IReadOnlyList<string> Warnings)
{
    /// <summary>Stands between a model's name and its changes.</summary>
    public const char Mark = '@';

    /// <summary>What the changes leave as it is, though they name it.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>Varies a model.</summary>
    /// <param name="entry">The declared model.</param>
    /// <param name="variation">The changes.</param>
    /// <exception cref="InputException">It has nothing of what is to be changed, or the compiler would refuse the result.</exception>
    public static VariedModel Of(ModelEntry entry, Variation variation) =>
        Try(entry, variation, out var refusals)
        ?? throw new InputException($"{entry.Name}{Mark}{variation.Text} can't be built: {string.Join("; ", refusals)}.");

    /// <summary>Varies a model, if the compiler would take the result.</summary>
    /// <param name="entry">The declared model.</param>
    /// <param name="variation">The changes.</param>
    /// <param name="refusals">Why it would not; nothing where it would.</param>
    /// <exception cref="InputException">It has nothing of what is to be changed.</exception>
    public static VariedModel? Try(ModelEntry entry, Variation variation, out IReadOnlyList<string> refusals)
    {
        var declaration = variation.ApplyTo(DeclarationReader.Of(entry));
        var (findings, costed) = TransformerChecks.Rules.Look(declaration);
        // A budget is a wish: what exceeds it can be built, and its costs say by how much.
        refusals = costed is null ? Messages(findings, isError: true) : [];
        return costed is null
            ? null
            : new(
                variation.Changes.Count == 0 ? entry : Named(entry, variation, declaration, costed),
                declaration,
                Messages(findings, isError: false)
            )
            {
                Notes = [.. PartSizes.Notes(declaration, variation.Changes.Select(change => change.Place))],
            };
    }

    /// <summary>Why the compiler would refuse a declaration; nothing where it would not.</summary>
    public static IReadOnlyList<string> Refusals(TransformerDeclaration declaration) =>
        TransformerChecks.Rules.Look(declaration) is (var findings, null) ? Messages(findings, isError: true) : [];

    /// <summary>Splits a name into the model's and its changes; those are null where there are none.</summary>
    public static (string Model, string? Changes) Split(string name) =>
        name.IndexOf(Mark, StringComparison.Ordinal) is var mark and >= 0 ? (name[..mark].TrimEnd(), name[(mark + 1)..]) : (name, null);

    private static ModelEntry Named(ModelEntry entry, Variation variation, TransformerDeclaration declaration, CostedTransformer costed)
    {
        var changes = Mark + variation.Text;
        var (name, fullName) = (entry.Name + changes, entry.FullName + changes);
        var varied = Composed(name, fullName, entry.Summary, costed);
        return varied with { Dense = Dense(), FlopMatched = FlopMatched() };

        ModelEntry Composed(string name, string fullName, string summary, CostedTransformer costed)
        {
            var cost = CostReport.Of(costed, name);
            var origin = new ComposedOrigin(fullName, entry.Assembly, entry.FullName + changes, declaration);
            return new(name, fullName, summary, cost, options => new ComposedTransformer(costed, cost, options, origin))
            {
                Assembly = entry.Assembly,
            };
        }

        // Changes of ranks leave the dense baseline what it is.
        ModelEntry? Dense() =>
            entry.Dense is not { } dense || costed.Dense is null ? null
            : variation.WithoutLowRank() is not { } left ? dense
            : Composed($"{dense.Name}{Mark}{left.Text}", $"{dense.FullName}{Mark}{left.Text}", dense.Summary, costed.Dense);

        // Every change may change its sizes.
        ModelEntry? FlopMatched() =>
            costed.FlopMatch?.Model is { } matched
                ? Composed(
                    $"{entry.Name}.FlopMatched{changes}",
                    $"{entry.FullName}.FlopMatched{changes}",
                    FlopMatchedSummary(name),
                    matched
                )
                : null;
    }

    private static string FlopMatchedSummary(string name) => $"The dense model of {name}'s forward FLOPs.";

    private static IReadOnlyList<string> Messages(IReadOnlyList<Finding> findings, bool isError) =>
        [
            .. findings
                .Where(finding => finding.IsError == isError)
                .Select(finding =>
                    $"{finding.Rule.Id}: {string.Format(CultureInfo.InvariantCulture, finding.Rule.MessageFormat, [.. finding.Arguments])}"
                )
                .Distinct(),
        ];
}
