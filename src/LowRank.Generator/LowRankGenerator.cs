using LowRank.Generator.Checks.Modules;
using LowRank.Generator.Checks.Transformers;
using LowRank.Generator.Costs;
using LowRank.Generator.Emission;
using LowRank.Generator.Model;
using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator;

/// <summary>Writes the other part of every class declared with <c>[Transformer]</c> or <c>[Module]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class LowRankGenerator : IIncrementalGenerator
{
    private static readonly DeclarationPipeline<TransformerDeclaration, CostedTransformer> Transformers = new()
    {
        Attribute = LowRankNames.TransformerAttribute,
        Parse = TransformerParser.Parse,
        FindingsOf = TransformerChecks.Rules.FindingsOf,
        Check = TransformerChecks.Rules.Check,
        FilesOf = TransformerFiles.Of,
    };

    private static readonly DeclarationPipeline<ModuleDeclaration, CostedModule> Modules = new()
    {
        Attribute = LowRankNames.ModuleAttribute,
        Parse = ModuleParser.Parse,
        FindingsOf = ModuleChecks.Rules.FindingsOf,
        Check = ModuleChecks.Rules.Check,
        FilesOf = ModuleFiles.Of,
    };

    /// <summary>Wires the pipelines.</summary>
    /// <param name="context">Where they are wired.</param>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var surroundings = context.CompilationProvider.Select(Surroundings.Of).WithTrackingName(TrackingNames.Surroundings);
        var (_, modules) = Modules.Register(context, surroundings);
        context.RegisterSourceOutput(
            modules.Select(static (declared, _) => declared.Costed is not null).Collect(),
            static (output, sound) =>
            {
                if (sound.Contains(true))
                    output.AddSource(NativeLibrarySource.HintName, NativeLibrarySource.Write());
            }
        );

        var (parsed, transformers) = Transformers.Register(context, surroundings);
        var catalog = transformers
            .Select(static (declared, _) => CatalogEntry.Of(declared))
            .WithTrackingName(TrackingNames.CatalogEntry)
            .Collect()
            .WithTrackingName(TrackingNames.Catalog);
        context.RegisterSourceOutput(
            catalog,
            static (output, entries) =>
            {
                if (entries.Any(entry => entry is not null))
                    output.AddSource(CatalogSource.HintName, CatalogSource.Write(entries.Where(entry => entry is not null)!));
            }
        );
        // An attribute of the assembly concerns all transformers, and is spoken of once.
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
