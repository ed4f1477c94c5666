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
