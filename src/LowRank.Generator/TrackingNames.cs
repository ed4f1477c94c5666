namespace LowRank.Generator;

/// <summary>The names of the pipeline's steps, by which tests ask why each of them ran.</summary>
internal static class TrackingNames
{
    public const string Surroundings = nameof(Surroundings);
    public const string Parse = nameof(Parse);
    public const string Parsed = nameof(Parsed);
    public const string AllParsed = nameof(AllParsed);
    public const string Declaration = nameof(Declaration);
    public const string CheckedDeclaration = nameof(CheckedDeclaration);
    public const string CatalogEntry = nameof(CatalogEntry);
    public const string Catalog = nameof(Catalog);
    public const string SharedNames = nameof(SharedNames);
    public const string ParsedModule = nameof(ParsedModule);
    public const string ModuleDeclaration = nameof(ModuleDeclaration);
    public const string CheckedModule = nameof(CheckedModule);
    public const string SharedModuleNames = nameof(SharedModuleNames);
}
