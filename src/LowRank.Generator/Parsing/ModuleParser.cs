using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator.Parsing;

/// <summary>Turns a class with <c>[Module]</c>, and the modules that are its parts, into a declaration. It only reads.</summary>
internal sealed class ModuleParser
{
    private static readonly string[] Kinds = Enum.GetNames(typeof(MemberKind));

    private readonly List<INamedTypeSymbol> around = [];
    private readonly MarkedReader reader;
    private readonly BaseMembers inherited;
    private readonly CancellationToken cancellation;

    private ModuleParser(AttributeData declaring, CancellationToken cancellation)
    {
        reader = new(cancellation);
        inherited = BaseMembers.OfModule(declaring);
        this.cancellation = cancellation;
    }

    // A part is described by the class that contains it: its own declaration places its own findings.
    private bool IsPart => around.Count > 1;

    // Seen when the class has been left again.
    private bool IsRoot => around.Count == 0;

    /// <summary>The declaration of a class whose part in a place carries <c>[Module]</c>; null where another part does, or none.</summary>
    public static Parsed<ModuleDeclaration>? Parse(INamedTypeSymbol symbol, TypeDeclarationSyntax syntax, CancellationToken cancellation)
    {
        var attributes = LanguageAttributes.AttributesOf(symbol);
        return TypeParser.IsNamed(symbol) && LanguageAttributes.IsOn(syntax, attributes, "Module")
            ? new ModuleParser(attributes["Module"], cancellation).Parse(symbol, syntax, attributes)
            : null;
    }

    /// <summary>What a class consists of that stands in the blocks of a transformer; null where it is no <c>[Module]</c>.</summary>
    public static ModuleBody? BodyIn(INamedTypeSymbol owner, INamedTypeSymbol module, CancellationToken cancellation)
    {
        var attributes = LanguageAttributes.AttributesOf(module);
        if (!attributes.TryGetValue("Module", out var declaring))
            return null;
        var parser = new ModuleParser(declaring, cancellation);
        parser.around.Add(owner);
        return parser.BodyOf(module, attributes);
    }

    private Parsed<ModuleDeclaration> Parse(
        INamedTypeSymbol symbol,
        TypeDeclarationSyntax syntax,
        Dictionary<string, AttributeData> attributes
    )
    {
        reader.Mark(Target.Class, syntax.Identifier.GetLocation());
        if (attributes.TryGetValue("Module", out var module))
            reader.Mark(new(Attribute: "Module"), module);
        var body = BodyOf(symbol, attributes);
        var budget = Read(attributes, "Budget", null, DeclaredOptions.Budget);
        var colliding = reader.Colliding(
            GeneratedPart.WrittenMembers(symbol).Where(member => !IsHook(member)),
            body.Members.Select(layer => layer.Name),
            ModuleNames.ForMember
        );
        return new(
            new(
                TypeParser.Parse(symbol, syntax, colliding, isBuiltByName: false, cancellation),
                body,
                attributes.ContainsKey("Transformer"),
                reader.IsIncomplete
            )
            {
                Budget = budget,
                LanguageModel = Read(
                    attributes,
                    "LanguageModel",
                    null,
                    attribute => DeclaredOptions.LanguageModel(attribute, LowRankNames.Is(symbol, "ILanguageModule"))
                ),
            },
            reader.Sources
        );
    }

    private ModuleBody BodyOf(INamedTypeSymbol symbol, Dictionary<string, AttributeData> attributes)
    {
        around.Add(symbol);
        var lowRank = Read(
            attributes,
            "LowRank",
            null,
            attribute => DeclaredOptions.LowRank(attribute, new(Attribute: "LowRank"), isInModule: true)
        );
        var members = reader
            .First(GeneratedPart.WrittenMembers(symbol).OfType<IPropertySymbol>())
            .Select(MemberOf)
            .Where(member => member is not null)
            .ToList();
        around.RemoveAt(around.Count - 1);
        return new(new(members!), lowRank)
        {
            Lora = Read(attributes, "LoRA", null, attribute => DeclaredOptions.Lora(attribute, new(Attribute: "LoRA"))),
            Own = attributes.TryGetValue("Module", out var module) ? DeclaredOptions.OwnCosts(new AttributeReader(module)) : OwnCosts.None,
            RepeatedLowRanks = IsRoot
                ? new(
                    GeneratedPart
                        .WrittenMembers(symbol)
                        .OfType<IPropertySymbol>()
                        .SelectMany(property => Repeated(property, property.Name))
                        .Concat(Repeated(symbol, null))
                        .ToList()
                )
                : EquatableArray<Target>.Empty,
        };
    }

    private ModuleMember? MemberOf(IPropertySymbol property)
    {
        var attributes = LanguageAttributes.AttributesOf(property);
        var kinds = Kinds.Where(attributes.ContainsKey).ToList();
        // What factors or exempts a layer must say which, but not twice where it is a part's.
        if (
            kinds.Count == 0
            && (IsPart || !(attributes.ContainsKey("LowRank") || attributes.ContainsKey("LoRA") || attributes.ContainsKey("Dense")))
        )
            return null;
        if (!IsPart)
            reader.Mark(new(property.Name), property.Locations[0]);
        var isList = PartCycles.ListElement(property.Type) is not null;
        var element = PartCycles.ElementOf(property);
        var sizes =
            kinds.Count == 0
                ? LayerSizes.None
                : Read(attributes, kinds[0], property.Name, attribute => LayerSizes.Of(kinds[0], attribute))!;
        var cycle =
            kinds.Contains("Part") && !IsPart && element is INamedTypeSymbol type
                ? PartCycles.Of(around[0], property, type)?.ToString()
                : null;
        var part = property.RefKind == RefKind.None && cycle is null ? PartOf(element, kinds) : null;
        if (attributes.TryGetValue("Dense", out var dense) && !IsPart)
            reader.Mark(new(property.Name, "Dense"), dense);
        return new(
            ShapeOf(property),
            new(kinds),
            sizes.Inputs,
            sizes.Outputs,
            sizes.Count,
            sizes.HasBias,
            sizes.Epsilon,
            PropertyParser.Reference(property) + element.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            isList,
            Read(
                attributes,
                "LowRank",
                property.Name,
                attribute => DeclaredOptions.LowRank(attribute, new(property.Name, "LowRank"), isInModule: true)
            ),
            dense is not null,
            part,
            cycle,
            part is not null && IsBuildable((INamedTypeSymbol)element, cancellation)
        )
        {
            Lora = Read(attributes, "LoRA", property.Name, attribute => DeclaredOptions.Lora(attribute, new(property.Name, "LoRA"))),
            IdleArguments = sizes.Idle,
        };
    }

    private ModuleBody? PartOf(ITypeSymbol element, List<string> kinds)
    {
        if (!kinds.Contains("Part") || element is not INamedTypeSymbol type || around.Contains(type, SymbolEqualityComparer.Default))
            return null;
        var attributes = LanguageAttributes.AttributesOf(type);
        return attributes.ContainsKey("Module") ? BodyOf(type, attributes) : null;
    }

    private IEnumerable<Target> Repeated(ISymbol symbol, string? property)
    {
        foreach (
            var (target, attribute) in LanguageAttributes
                .LowRanksOf(symbol, property)
                .Skip(1)
                .Concat(LanguageAttributes.LorasOf(symbol, property).Skip(1))
        )
        {
            reader.Mark(target, attribute);
            yield return target;
        }
    }

    private PropertyShape ShapeOf(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is BasePropertyDeclarationSyntax syntax && !IsPart
            ? reader.Read(PropertyParser.Parse(property, syntax, inherited, cancellation))
            : new(property.Name, "", "", EquatableArray<string>.Empty, true, false, false, false, EquatableArray<string>.Empty);

    private T? Read<T>(Dictionary<string, AttributeData> attributes, string name, string? property, Func<AttributeReader, T> read)
        where T : class
    {
        if (!attributes.TryGetValue(name, out var attribute))
            return null;
        return IsPart ? read(new AttributeReader(attribute)) : reader.Read(new Target(property, name), attribute, read);
    }

    // A method of the hook's name is the hook, or overloads it; but the hook has been declared already, and only waits for a body.
    private static bool IsHook(ISymbol member) =>
        member.Name == ModuleNames.Hook
        && member is IMethodSymbol and not { IsPartialDefinition: true, Parameters: [{ Type.Name: "ModelOptions" }] };

    /// <summary>Whether the generated part of a module's class can be written, so that it has a constructor.</summary>
    public static bool IsBuildable(INamedTypeSymbol type, CancellationToken cancellation) =>
        type is { IsAbstract: false, IsGenericType: false, IsStatic: false }
        && type.DeclaringSyntaxReferences.All(reference =>
            reference.GetSyntax(cancellation) is TypeDeclarationSyntax { ParameterList: null } syntax
            && syntax.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().All(outer => outer.Modifiers.Any(SyntaxKind.PartialKeyword))
        )
        && (type.DeclaringSyntaxReferences.IsEmpty || TypeParser.BaseClass(type, cancellation) is null)
        && !LanguageAttributes.AttributesOf(type).ContainsKey("Transformer");
}
