using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator.Parsing;

/// <summary>
/// Turns a class with <c>[Transformer]</c> into its declaration. Runs for every declared model whenever the <see cref="Surroundings"/> have
/// changed, so it only reads: all inference and checking comes after the declaration was found to have changed.
/// </summary>
internal sealed class TransformerParser
{
    private readonly MarkedReader reader;
    private readonly BaseMembers inherited;
    private readonly CancellationToken cancellation;

    private TransformerParser(AttributeData declaring, CancellationToken cancellation)
    {
        reader = new(cancellation);
        inherited = BaseMembers.OfTransformer(declaring);
        this.cancellation = cancellation;
    }

    /// <summary>
    /// The declaration of a class whose part in a place carries <c>[Transformer]</c>; null where another part does, or none.
    /// </summary>
    public static Parsed<TransformerDeclaration>? Parse(
        INamedTypeSymbol symbol,
        TypeDeclarationSyntax syntax,
        CancellationToken cancellation
    )
    {
        var attributes = LanguageAttributes.AttributesOf(symbol);
        return TypeParser.IsNamed(symbol) && LanguageAttributes.IsOn(syntax, attributes, "Transformer")
            ? new TransformerParser(attributes["Transformer"], cancellation).Parse(symbol, syntax, attributes)
            : null;
    }

    private Parsed<TransformerDeclaration> Parse(
        INamedTypeSymbol symbol,
        TypeDeclarationSyntax syntax,
        Dictionary<string, AttributeData> attributes
    )
    {
        reader.Mark(Target.Class, syntax.Identifier.GetLocation());
        var transformer = Read(attributes, "Transformer", null, DeclaredOptions.Transformer)!;
        var lowRanks = ReadLowRanks(symbol);
        var assemblyLowRanks = ReadLowRanks(symbol.ContainingAssembly);
        var (loras, assemblyLoras) = (ReadLoras(symbol), ReadLoras(symbol.ContainingAssembly));
        var run = Read(attributes, "TrainingRun", null, DeclaredOptions.TrainingRun);
        var budget = Read(attributes, "Budget", null, DeclaredOptions.Budget);
        var scaling = Read(attributes, "RotaryScaling", null, DeclaredOptions.RotaryScaling);
        var hasDenseBaseline = attributes.TryGetValue("DenseBaseline", out var denseBaseline);
        if (hasDenseBaseline)
            reader.Mark(new(Attribute: "DenseBaseline"), denseBaseline);
        var members = GeneratedPart.WrittenMembers(symbol).ToList();
        var sublayers = reader
            .First(members.OfType<IPropertySymbol>())
            .Select(property => ParseSublayer(property, symbol))
            .Where(sublayer => sublayer is not null)
            .ToList();
        var names = sublayers.Select(sublayer => sublayer!.Property.Name).ToList();
        var colliding = reader.Colliding(members, names, name => ReservedNames.ForMember(name, names, hasDenseBaseline));
        var type = TypeParser.Parse(symbol, syntax, colliding, isBuiltByName: true, cancellation);
        return new(
            new(type, transformer, new(sublayers!), lowRanks, run, hasDenseBaseline, reader.IsIncomplete)
            {
                AssemblyLowRanks = assemblyLowRanks,
                ClassLoras = loras,
                AssemblyLoras = assemblyLoras,
                Budget = budget,
                RotaryScaling = scaling,
            },
            reader.Sources
        );
    }

    private SublayerDeclaration? ParseSublayer(IPropertySymbol property, INamedTypeSymbol owner)
    {
        if (property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is not BasePropertyDeclarationSyntax syntax)
            return null;
        var attributes = LanguageAttributes.AttributesOf(property);
        var isDeclared =
            attributes.Keys.Any(AttributeHomes.IsOfProperties)
            || (LowRankNames.IsSublayer(property.Type) && PropertyParser.IsUnimplemented(property, syntax));
        if (!isDeclared)
            return null;
        reader.Mark(new(property.Name), property.Locations[0]);
        if (attributes.TryGetValue("Dense", out var dense))
            reader.Mark(new(property.Name, "Dense"), dense);
        return new(
            reader.Read(PropertyParser.Parse(property, syntax, inherited, cancellation)),
            Read(attributes, "Attention", property.Name, DeclaredOptions.Attention),
            Read(attributes, "FeedForward", property.Name, DeclaredOptions.FeedForward),
            ReadLowRanks(property, property.Name),
            dense is not null
        )
        {
            Part = Read(attributes, "Part", property.Name, attribute => PartParser.Parse(attribute, owner, cancellation)),
            Loras = ReadLoras(property, property.Name),
            Experts = Read(attributes, "Experts", property.Name, DeclaredOptions.Experts),
            RotaryScaling = Read(attributes, "RotaryScaling", property.Name, DeclaredOptions.RotaryScaling),
        };
    }

    private T? Read<T>(Dictionary<string, AttributeData> attributes, string name, string? property, Func<AttributeReader, T> read)
        where T : class =>
        attributes.TryGetValue(name, out var attribute) ? reader.Read(new Target(property, name), attribute, read) : null;

    private EquatableArray<LowRankOptions> ReadLowRanks(ISymbol symbol, string? property = null) =>
        new(
            LanguageAttributes
                .LowRanksOf(symbol, property)
                .Select(pair => reader.Read(pair.Origin, pair.Attribute, attribute => DeclaredOptions.LowRank(attribute, pair.Origin)))
                .ToList()
        );

    private EquatableArray<LoraOptions> ReadLoras(ISymbol symbol, string? property = null) =>
        new(
            LanguageAttributes
                .LorasOf(symbol, property)
                .Select(pair => reader.Read(pair.Origin, pair.Attribute, attribute => DeclaredOptions.Lora(attribute, pair.Origin)))
                .ToList()
        );
}
