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
    private readonly List<SourceMark> marks = [];
    private readonly CancellationToken cancellation;
    private bool isIncomplete;

    private TransformerParser(CancellationToken cancellation) => this.cancellation = cancellation;

    public static ParsedDeclaration? Parse(TypeDeclarationSyntax syntax, Surroundings surroundings, CancellationToken cancellation) =>
        surroundings.Compilation.GetSemanticModel(syntax.SyntaxTree).GetDeclaredSymbol(syntax, cancellation) is INamedTypeSymbol symbol
            ? Parse(symbol, syntax, cancellation)
            : null;

    /// <summary>
    /// The declaration of a class whose part in a place carries <c>[Transformer]</c>; null where another part does, or none.
    /// </summary>
    public static ParsedDeclaration? Parse(INamedTypeSymbol symbol, TypeDeclarationSyntax syntax, CancellationToken cancellation)
    {
        var attributes = AttributeParser.AttributesOf(symbol);
        return AttributeParser.IsOn(syntax, attributes, "Transformer")
            ? new TransformerParser(cancellation).Parse(symbol, syntax, attributes)
            : null;
    }

    private ParsedDeclaration Parse(INamedTypeSymbol symbol, TypeDeclarationSyntax syntax, Dictionary<string, AttributeData> attributes)
    {
        marks.Add(new(Target.Class, syntax.Identifier.GetLocation()));
        var transformer = Read(attributes, "Transformer", null, AttributeParser.Transformer)!;
        var lowRanks = ReadLowRanks(symbol);
        var assemblyLowRanks = ReadLowRanks(symbol.ContainingAssembly);
        var (loras, assemblyLoras) = (ReadLoras(symbol), ReadLoras(symbol.ContainingAssembly));
        var run = Read(attributes, "TrainingRun", null, AttributeParser.TrainingRun);
        var budget = Read(attributes, "Budget", null, BudgetParser.Budget);
        var hasDenseBaseline = attributes.ContainsKey("DenseBaseline");
        var sublayers = symbol
            .GetMembers()
            .OfType<IPropertySymbol>()
            .Select(ParseSublayer)
            .Where(sublayer => sublayer is not null)
            .ToList();
        var type = TypeParser.Parse(
            symbol,
            syntax,
            CollidingMembers(symbol, sublayers!, hasDenseBaseline),
            isBuiltByName: true,
            cancellation
        );
        return new(
            new(type, transformer, new(sublayers!), lowRanks, run, hasDenseBaseline, isIncomplete)
            {
                AssemblyLowRanks = assemblyLowRanks,
                ClassLoras = loras,
                AssemblyLoras = assemblyLoras,
                Budget = budget,
            },
            new(new(marks))
        );
    }

    private SublayerDeclaration? ParseSublayer(IPropertySymbol property)
    {
        if (property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is not PropertyDeclarationSyntax syntax)
            return null;
        var attributes = AttributeParser.AttributesOf(property);
        var isDeclared =
            attributes.Count > 0 || (LowRankNames.IsSublayer(property.Type) && PropertyParser.IsUnimplemented(property, syntax));
        if (!isDeclared)
            return null;
        marks.Add(new(new(property.Name), syntax.Identifier.GetLocation()));
        if (attributes.TryGetValue("Dense", out var dense))
            marks.Add(SourceMark.Of(new(property.Name, "Dense"), dense, cancellation));
        return new(
            PropertyParser.Parse(property, syntax, cancellation),
            Read(attributes, "Attention", property.Name, AttributeParser.Attention),
            Read(attributes, "FeedForward", property.Name, AttributeParser.FeedForward),
            ReadLowRanks(property, property.Name),
            dense is not null
        )
        {
            Loras = ReadLoras(property, property.Name),
        };
    }

    private T? Read<T>(Dictionary<string, AttributeData> attributes, string name, string? property, Func<AttributeReader, T> read)
        where T : class
    {
        return attributes.TryGetValue(name, out var attribute) ? Read(new Target(property, name), attribute, read) : null;
    }

    private EquatableArray<LowRankOptions> ReadLowRanks(ISymbol symbol, string? property = null) =>
        new(
            AttributeParser
                .LowRanksOf(symbol, property)
                .Select(pair => Read(pair.Origin, pair.Attribute, reader => AttributeParser.LowRank(reader, pair.Origin)))
                .ToList()
        );

    private EquatableArray<LoraOptions> ReadLoras(ISymbol symbol, string? property = null) =>
        new(
            AttributeParser
                .LorasOf(symbol, property)
                .Select(pair => Read(pair.Origin, pair.Attribute, reader => AttributeParser.Lora(reader, pair.Origin)))
                .ToList()
        );

    private T Read<T>(Target target, AttributeData attribute, Func<AttributeReader, T> read)
    {
        marks.Add(SourceMark.Of(target, attribute, cancellation));
        var reader = new AttributeReader(attribute);
        var options = read(reader);
        isIncomplete |= reader.IsIncomplete;
        return options;
    }

    // Only the names that matter are kept: a new method of the user's must not look like a new model.
    private List<string> CollidingMembers(INamedTypeSymbol symbol, List<SublayerDeclaration> sublayers, bool hasDenseBaseline)
    {
        var names = sublayers.Select(sublayer => sublayer.Property.Name).ToList();
        var colliding = new List<string>();
        foreach (var member in symbol.GetMembers())
        {
            var name = IsGeneratedConstructor(member) ? ReservedNames.Constructor : member.Name;
            if (
                member.IsImplicitlyDeclared
                || member.Locations.IsEmpty
                || names.Contains(name)
                || colliding.Contains(name)
                || ReservedNames.ForMember(name, names, hasDenseBaseline) is null
            )
            {
                continue;
            }

            colliding.Add(name);
            marks.Add(new(new(name), member.Locations[0]));
        }

        return colliding;
    }

    private static bool IsGeneratedConstructor(ISymbol member) =>
        member is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters: [{ Type.Name: "ModelOptions" }] };
}
