namespace LowRank.Generator.Model;

/// <summary>Where a catalog stands: its assembly, and those with catalogs that it references, in the order of their names.</summary>
internal sealed record CatalogPlace(string Assembly, EquatableArray<string> Referenced);
