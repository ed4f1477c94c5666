using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator.Parsing;

/// <summary>
/// The compilation as far as it can decide what a declaration says: constants, aliases, types, references. Two are equal when they differ
/// in nothing but the insides of methods, and those in files that hold no part of a declaration. A keystroke there makes no declaration be
/// read again, which would bind every attribute of every model anew.
/// </summary>
internal sealed class Surroundings(CSharpCompilation compilation) : IEquatable<Surroundings>
{
    // The trees last found to be equal to the compilation's own. The next keystroke is compared with these, so that a file which was edited
    // once is not compared for ever after. Only ever replaced by equal ones: which of them is seen makes no difference but in time.
    private ImmutableArray<SyntaxTree> known = compilation.SyntaxTrees;

    /// <summary>The compilation. Every file of it that holds a part of a declaration is the one of the run that reads it.</summary>
    public CSharpCompilation Compilation { get; } = compilation;

    /// <summary>The symbol of a class, all of its parts together; null where there is none.</summary>
    public INamedTypeSymbol? SymbolOf(TypeDeclarationSyntax syntax, CancellationToken cancellation) =>
        Compilation.GetSemanticModel(syntax.SyntaxTree).GetDeclaredSymbol(syntax, cancellation);

    public static Surroundings Of(Compilation compilation, CancellationToken cancellation) => new((CSharpCompilation)compilation);

    public bool Equals(Surroundings? other)
    {
        if (
            other is null
            || Compilation.AssemblyName != other.Compilation.AssemblyName
            || !Compilation.Options.Equals(other.Compilation.Options)
            || !Compilation.ExternalReferences.SequenceEqual(other.Compilation.ExternalReferences)
        )
        {
            return false;
        }

        var (before, after) = (known, other.known);
        if (before.Length != after.Length)
            return false;
        for (var i = 0; i < before.Length; i++)
        {
            if (!ReferenceEquals(before[i], after[i]) && !IsNeutral(before[i], after[i]))
                return false;
        }

        known = after;
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as Surroundings);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Compilation.AssemblyName ?? "");

    private static bool IsNeutral(SyntaxTree before, SyntaxTree after) =>
        before.FilePath == after.FilePath
        && before.Options.Equals(after.Options)
        // Whatever of the old tree is a part of a declaration, the new one has too if the two are equivalent.
        && after.GetRoot() is CompilationUnitSyntax { AttributeLists.Count: 0 } root
        && !root.Members.Any(IsPartOfDeclaration)
        && SyntaxFactory.AreEquivalent(before, after, topLevel: true);

    // A part has documentation, which becomes that of the generated part. Any partial type may be one, and so may any with an attribute.
    private static bool IsPartOfDeclaration(MemberDeclarationSyntax member) =>
        member switch
        {
            BaseNamespaceDeclarationSyntax { Members: var members } => members.Any(IsPartOfDeclaration),
            TypeDeclarationSyntax type => type.AttributeLists.Count > 0
                || type.Modifiers.Any(SyntaxKind.PartialKeyword)
                || type.Members.Any(IsPartOfDeclaration),
            _ => false,
        };
}
