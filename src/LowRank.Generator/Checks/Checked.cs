using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>What became of a declaration: something to emit, or the errors that forbid it.</summary>
/// <param name="Declaration">The declaration.</param>
/// <param name="Costed">What is emitted; null where there is an error, or where something else does not compile.</param>
/// <param name="Errors">The ids of the errors that forbid it, in order and once each.</param>
internal sealed record Checked<TDeclaration, TCosted>(TDeclaration Declaration, TCosted? Costed, EquatableArray<string> Errors)
    where TDeclaration : IDeclaration
    where TCosted : class
{
    /// <summary>Whether the class itself is in order, so that a part of it can derive from the library's base class.</summary>
    public bool IsClassSound => !Errors.Any(ClassRules.ForbidBaseClass);
}
