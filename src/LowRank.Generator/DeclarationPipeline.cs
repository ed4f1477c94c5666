using LowRank.Generator.Checks;
using LowRank.Generator.Emission;
using LowRank.Generator.Model;
using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator;

/// <summary>
/// From the classes that one attribute declares to their files. The declaration is free of positions and therefore cached. What is wrong
/// with it, <see cref="Analyzers.DeclarationAnalyzer"/> says.
/// </summary>
internal sealed class DeclarationPipeline<TDeclaration, TCosted>
    where TDeclaration : class, IDeclaration
    where TCosted : class
{
    /// <summary>The attribute's full name.</summary>
    public required string Attribute { get; init; }

    public required Func<INamedTypeSymbol, TypeDeclarationSyntax, CancellationToken, Parsed<TDeclaration>?> Parse { get; init; }

    public required Func<TDeclaration, Checked<TDeclaration, TCosted>> Check { get; init; }

    /// <summary>The files of a declaration, given the names that more than one file would have.</summary>
    public required Func<Checked<TDeclaration, TCosted>, EquatableArray<string>, IEnumerable<GeneratedFile>> FilesOf { get; init; }

    /// <summary>Wires it; what it returns is for what is made of several declarations together.</summary>
    public IncrementalValuesProvider<Checked<TDeclaration, TCosted>> Register(
        IncrementalGeneratorInitializationContext context,
        IncrementalValueProvider<Surroundings> surroundings
    )
    {
        var declarations = context
            .SyntaxProvider.ForAttributeWithMetadataName(
                Attribute,
                static (node, _) => node is TypeDeclarationSyntax,
                static (found, _) => (TypeDeclarationSyntax)found.TargetNode
            )
            .Combine(surroundings)
            .Select(
                (pair, cancellation) =>
                    pair.Right.SymbolOf(pair.Left, cancellation) is { } symbol ? Parse(symbol, pair.Left, cancellation)?.Declaration : null
            )
            .WithTrackingName(TrackingNames.Parse)
            .Where(static declaration => declaration is not null)
            .Select(static (declaration, _) => declaration!)
            .WithTrackingName(TrackingNames.Declaration)
            .Select((declaration, _) => Check(declaration))
            .WithTrackingName(TrackingNames.Checked);

        var sharedNames = declarations
            .Select(static (declared, _) => declared.Declaration.Type.FullName)
            .Collect()
            .Select(static (names, _) => HintNames.Shared(names))
            .WithTrackingName(TrackingNames.SharedNames);

        context.RegisterSourceOutput(
            declarations.Combine(sharedNames),
            (output, pair) =>
            {
                foreach (var file in FilesOf(pair.Left, pair.Right))
                    output.AddSource(file.HintName, file.Source);
            }
        );
        return declarations;
    }
}
