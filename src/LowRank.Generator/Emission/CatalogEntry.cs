using LowRank.Generator.Checks;
using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>A model as the catalog names it.</summary>
/// <param name="HiddenBy">Why no code elsewhere in the assembly can name the class, so that nothing can build it; or null.</param>
internal sealed record CatalogEntry(
    string Name,
    string FullName,
    string Summary,
    string TypeName,
    bool HasDense,
    bool HasFlopMatched,
    string? HiddenBy
)
{
    /// <summary>How it is built of its options.</summary>
    public string Create { get; init; } = $"new {TypeName}(options)";

    /// <summary>The entry of a module; null for one that is no language model, or has no code.</summary>
    public static CatalogEntry? Of(Checked<ModuleDeclaration, CostedModule> declared)
    {
        if (declared.Costed is not { } costed || LanguageModuleCosts.Of(costed) is not { } model)
            return null;
        var type = declared.Declaration.Type;
        var name = Qualified(type);
        return new(type.Name, type.FullName, Remarks.PlainSummary(type.Documentation), name, false, false, type.HiddenBy)
        {
            Create =
                $"new global::LowRank.Models.ModuleLanguageModel(new {name}(options), {name}.Cost.Summary, vocabulary: {Literals.Of(model.Options.Vocabulary)}, "
                + $"ownParameters: {Literals.Of(model.Whole.OwnParameters)}, ownFlopsPerToken: {Literals.Of(model.Whole.OwnFlopsPerToken)})",
        };
    }

    /// <summary>The entry, or null for what has no code.</summary>
    public static CatalogEntry? Of(Checked<TransformerDeclaration, CostedTransformer> declared)
    {
        var type = declared.Declaration.Type;
        return declared.Costed is null
            ? null
            : new(
                type.Name,
                type.FullName,
                Remarks.PlainSummary(type.Documentation),
                Qualified(type),
                declared.Costed.Dense is not null,
                declared.Costed.FlopMatch?.Model is not null,
                type.HiddenBy
            );
    }

    private static string Qualified(TypeShape type) => "global::" + string.Join(".", type.FullName.Split('.').Select(Literals.Identifier));
}
