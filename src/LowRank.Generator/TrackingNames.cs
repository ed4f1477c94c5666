namespace LowRank.Generator;

/// <summary>
/// The names of the pipeline's steps, by which tests ask why each of them ran. Transformers and modules have the same steps.
/// </summary>
internal static class TrackingNames
{
    public const string Surroundings = nameof(Surroundings);
    public const string Parse = nameof(Parse);
    public const string Declaration = nameof(Declaration);
    public const string Checked = nameof(Checked);
    public const string CatalogEntry = nameof(CatalogEntry);
    public const string Catalog = nameof(Catalog);
    public const string CatalogPlace = nameof(CatalogPlace);
    public const string SharedNames = nameof(SharedNames);
}
