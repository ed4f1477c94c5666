using LowRank.Generator.Checks;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>A generated file of one declaration.</summary>
internal sealed record GeneratedFile(string HintName, string Source)
{
    /// <summary>
    /// What is declared and, in a file of its own, what it costs; where there are errors, what keeps the declaration compiling.
    /// </summary>
    public static IEnumerable<GeneratedFile> AllOf<TDeclaration, TCosted>(
        Checked<TDeclaration, TCosted> declared,
        string name,
        Func<TCosted, string> source,
        Func<TCosted, string> costs,
        StubSource stub
    )
        where TDeclaration : IDeclaration
        where TCosted : class =>
        declared.Costed is { } costed
            ? [new(name, source(costed)), new(HintNames.OfCosts(name), costs(costed))]
            : [new(name, stub.Write(declared.Declaration, declared.Errors, declared.IsClassSound))];
}
