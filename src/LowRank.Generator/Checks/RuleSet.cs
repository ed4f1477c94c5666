using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>The rules of one kind of declaration, in the order in which a reader would want to hear of them.</summary>
/// <typeparam name="TDeclaration">The declaration.</typeparam>
/// <typeparam name="TSized">The same with its sizes, which rules about values read.</typeparam>
/// <typeparam name="TCosted">The same with its costs: what is emitted.</typeparam>
internal sealed class RuleSet<TDeclaration, TSized, TCosted>
    where TDeclaration : IDeclaration
    where TCosted : class
{
    /// <summary>About the form of the declaration: these need no argument of any attribute.</summary>
    public required IRule<TDeclaration>[] OfForm { get; init; }

    /// <summary>About values. They run only where all arguments compile, since the compiler speaks about the others.</summary>
    public required IRule<TSized>[] OfValues { get; init; }

    /// <summary>
    /// About limits that the user has set to sums, which mean nothing while one of the values in them is refused. What exceeds them is an
    /// error and is emitted: its numbers are needed most while it is too large.
    /// </summary>
    public IRule<TSized>[] OfLimits { get; init; } = [];

    public required Func<TDeclaration, TSized> Size { get; init; }

    /// <summary>Counts what is in order; null for what still cannot be built.</summary>
    public required Func<TSized, TCosted?> Cost { get; init; }

    /// <summary>All that is found wrong.</summary>
    public IReadOnlyList<Finding> FindingsOf(TDeclaration declaration) =>
        declaration.IsIncomplete ? Run(OfForm, declaration) : FindingsOf(declaration, Size(declaration), out _);

    /// <summary>Both at once, each rule being asked once: all that is found wrong, and the declaration with its costs.</summary>
    public (IReadOnlyList<Finding> Findings, TCosted? Costed) Look(TDeclaration declaration)
    {
        if (declaration.IsIncomplete)
            return (Run(OfForm, declaration), null);
        var sized = Size(declaration);
        var findings = FindingsOf(declaration, sized, out var isForbidden);
        return (findings, isForbidden ? null : Cost(sized));
    }

    /// <summary>The declaration with its costs, or with the errors that forbid it.</summary>
    public Checked<TDeclaration, TCosted> Check(TDeclaration declaration)
    {
        if (declaration.IsIncomplete)
            return new(declaration, null, ErrorsOf(FindingsOf(declaration)));
        var sized = Size(declaration);
        var errors = ErrorsOf([.. Run(OfForm, declaration), .. Run(OfValues, sized)]);
        return new(declaration, errors.Count == 0 ? Cost(sized) : null, errors);
    }

    private List<Finding> FindingsOf(TDeclaration declaration, TSized sized, out bool isForbidden)
    {
        var (ofForm, ofValues) = (Run(OfForm, declaration), Run(OfValues, sized));
        var hasWrongValue = ofValues.Any(finding => finding.IsError);
        isForbidden = hasWrongValue || ofForm.Any(finding => finding.IsError);
        return [.. ofForm, .. ofValues, .. hasWrongValue ? [] : Run(OfLimits, sized)];
    }

    private static EquatableArray<string> ErrorsOf(IEnumerable<Finding> findings) =>
        new(
            findings
                .Where(finding => finding.IsError)
                .Select(finding => finding.Rule.Id)
                .Distinct()
                .OrderBy(id => id, StringComparer.Ordinal)
        );

    private static List<Finding> Run<TSubject>(IRule<TSubject>[] rules, TSubject subject) =>
        [.. rules.SelectMany(rule => rule.Check(subject))];
}
