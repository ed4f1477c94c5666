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
        Check = TransformerChecks.Rules.Check,
        FilesOf = TransformerFiles.Of,
    };

    private static readonly DeclarationPipeline<ModuleDeclaration, CostedModule> Modules = new()
    {
        Attribute = LowRankNames.ModuleAttribute,
        Parse = ModuleParser.Parse,
        Check = ModuleChecks.Rules.Check,
        FilesOf = ModuleFiles.Of,
    };

    /// <summary>Wires the pipelines.</summary>
    /// <param name="context">Where they are wired.</param>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var surroundings = context.CompilationProvider.Select(Surroundings.Of).WithTrackingName(TrackingNames.Surroundings);
        var modules = Modules.Register(context, surroundings);
        context.RegisterSourceOutput(
            modules.Select(static (declared, _) => declared.Costed is not null).Collect(),
            static (output, sound) =>
            {
                if (sound.Contains(true))
                    output.AddSource(NativeLibrarySource.HintName, NativeLibrarySource.Write());
            }
        );

        var languageModules = modules.Select(static (declared, _) => CatalogEntry.Of(declared)).Collect();
        var catalog = Transformers
            .Register(context, surroundings)
            .Select(static (declared, _) => CatalogEntry.Of(declared))
            .WithTrackingName(TrackingNames.CatalogEntry)
            .Collect()
            .Combine(languageModules)
            .Select(static (pair, _) => new EquatableArray<CatalogEntry>(pair.Left.Concat(pair.Right).Where(entry => entry is not null)!))
            .WithTrackingName(TrackingNames.Catalog);
        var place = surroundings.Select(CatalogPlaceParser.Parse).WithTrackingName(TrackingNames.CatalogPlace);
        context.RegisterSourceOutput(
            catalog.Combine(place),
            static (output, pair) =>
            {
                var (entries, place) = pair;
                if (place.Referenced.Count > 0 || entries.Count > 0)
                    output.AddSource(CatalogSource.HintName, CatalogSource.Write(place, entries));
            }
        );
    }
}
