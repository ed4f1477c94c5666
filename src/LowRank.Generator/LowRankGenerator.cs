using LowRank.Generator.Checks;
using LowRank.Generator.Emission;
using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator;

/// <summary>
/// Writes the other part of every class declared with <c>[Transformer]</c>. One parse feeds two pipelines: the declaration, free of
/// positions and therefore cached, becomes code; declaration and positions together become diagnostics.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class LowRankGenerator : IIncrementalGenerator
{
    /// <summary>Wires the pipeline.</summary>
    /// <param name="context">Where it is wired.</param>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var surroundings = context.CompilationProvider.Select(Surroundings.Of).WithTrackingName(TrackingNames.Surroundings);
        ModulePipeline.Register(context, surroundings);
        var parsed = context
            .SyntaxProvider.ForAttributeWithMetadataName(
                LowRankNames.TransformerAttribute,
                static (node, _) => node is TypeDeclarationSyntax,
                static (found, _) => (TypeDeclarationSyntax)found.TargetNode
            )
            .Combine(surroundings)
            .Select(static (pair, cancellation) => TransformerParser.Parse(pair.Left, pair.Right, cancellation))
            .WithTrackingName(TrackingNames.Parse)
            .Where(static parsed => parsed is not null)
            .Select(static (parsed, _) => parsed!)
            .WithTrackingName(TrackingNames.Parsed);

        var declarations = parsed
            .Select(static (parsed, _) => parsed.Declaration)
            .WithTrackingName(TrackingNames.Declaration)
            .Select(static (declaration, _) => CheckedDeclaration.Of(declaration))
            .WithTrackingName(TrackingNames.CheckedDeclaration);

        var catalog = declarations
            .Select(static (declared, _) => CatalogEntry.Of(declared))
            .WithTrackingName(TrackingNames.CatalogEntry)
            .Collect()
            .WithTrackingName(TrackingNames.Catalog);

        var sharedNames = declarations
            .Select(static (declared, _) => declared.Declaration.Type.FullName)
            .Collect()
            .Select(static (names, _) => HintNames.Shared(names))
            .WithTrackingName(TrackingNames.SharedNames);

        context.RegisterSourceOutput(
            declarations.Combine(sharedNames),
            static (output, pair) =>
            {
                foreach (var file in GeneratedFile.AllOf(pair.Left, pair.Right))
                    output.AddSource(file.HintName, file.Source);
            }
        );
        context.RegisterSourceOutput(
            catalog,
            static (output, entries) =>
            {
                if (entries.Any(entry => entry is not null))
                    output.AddSource(CatalogSource.HintName, CatalogSource.Write(entries.Where(entry => entry is not null)!));
            }
        );
        context.RegisterSourceOutput(
            parsed,
            static (output, parsed) =>
            {
                foreach (var diagnostic in LocatedFindings.Of(parsed))
                    output.ReportDiagnostic(diagnostic);
            }
        );
        context.RegisterSourceOutput(
            parsed.Collect().WithTrackingName(TrackingNames.AllParsed),
            static (output, all) =>
            {
                foreach (var diagnostic in LocatedFindings.OfAssembly(all))
                    output.ReportDiagnostic(diagnostic);
            }
        );
    }
}
