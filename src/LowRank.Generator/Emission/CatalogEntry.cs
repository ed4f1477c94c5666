using LowRank.Generator.Checks;
using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>A model as the catalog names it.</summary>
internal sealed record CatalogEntry(string Name, string FullName, string Summary, string TypeName, bool HasDense)
{
    /// <summary>The entry, or null for what cannot be built from elsewhere in the assembly.</summary>
    public static CatalogEntry? Of(Checked<TransformerDeclaration, CostedTransformer> declared)
    {
        var type = declared.Declaration.Type;
        return declared.Costed is null || !type.IsVisibleInAssembly
            ? null
            : new(type.Name, type.FullName, Remarks.PlainSummary(type.Documentation), Qualified(type), declared.Costed.Dense is not null);
    }

    private static string Qualified(TypeShape type) => "global::" + string.Join(".", type.FullName.Split('.').Select(Literals.Identifier));
}
