using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks;

/// <summary>What became of a declaration: a model to emit, or the errors that forbid it.</summary>
/// <param name="Declaration">The declaration.</param>
/// <param name="Model">The model, or null where there is an error.</param>
/// <param name="Errors">The ids of the errors, in order and once each.</param>
internal sealed record CheckedDeclaration(TransformerDeclaration Declaration, CostedTransformer? Model, EquatableArray<string> Errors)
{
    /// <summary>Whether the class itself is in order, so that a part of it can derive from the models' base class.</summary>
    public bool IsClassSound => !Errors.Any(ClassRules.Contains);

    public static CheckedDeclaration Of(TransformerDeclaration declaration)
    {
        var model = ShapeInference.Infer(declaration);
        var errors = Rules
            .Check(declaration, model)
            .Where(finding => finding.IsError)
            .Select(finding => finding.Rule.Id)
            .Distinct()
            .OrderBy(id => id, StringComparer.Ordinal)
            .ToList();
        return errors.Count == 0 && !declaration.IsIncomplete
            ? new(declaration, CostedTransformer.Of(model), EquatableArray<string>.Empty)
            : new(declaration, null, new(errors));
    }
}
