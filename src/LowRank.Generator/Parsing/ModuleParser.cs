using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator.Parsing;

/// <summary>Turns a class with <c>[Module]</c>, and the modules that are its parts, into a declaration. It only reads.</summary>
internal sealed class ModuleParser
{
    private static readonly string[] Kinds = Enum.GetNames(typeof(MemberKind));

    private readonly List<SourceMark> marks = [];
    private readonly List<INamedTypeSymbol> around = [];
    private readonly CancellationToken cancellation;
    private bool isIncomplete;

    private ModuleParser(CancellationToken cancellation) => this.cancellation = cancellation;

    // A part is described by the class that contains it: its own declaration places its own findings.
    private bool IsPart => around.Count > 1;

    // Seen when the class has been left again.
    private bool IsRoot => around.Count == 0;

    public static ParsedModule? Parse(TypeDeclarationSyntax syntax, Surroundings surroundings, CancellationToken cancellation)
    {
        if (surroundings.Compilation.GetSemanticModel(syntax.SyntaxTree).GetDeclaredSymbol(syntax, cancellation) is not { } symbol)
            return null;
        var attributes = AttributeParser.AttributesOf(symbol);
        return AttributeParser.IsOn(syntax, attributes, "Module") ? new ModuleParser(cancellation).Parse(symbol, syntax, attributes) : null;
    }

    private ParsedModule Parse(INamedTypeSymbol symbol, TypeDeclarationSyntax syntax, Dictionary<string, AttributeData> attributes)
    {
        marks.Add(new(Target.Class, syntax.Identifier.GetLocation()));
        if (attributes.TryGetValue("Module", out var module))
            marks.Add(SourceMark.Of(new(Attribute: "Module"), module, cancellation));
        var body = BodyOf(symbol, attributes);
        var declaration = new ModuleDeclaration(
            TypeParser.Parse(symbol, syntax, CollidingMembers(symbol, body), isBuiltByName: false, cancellation),
            body,
            attributes.ContainsKey("Transformer"),
            isIncomplete
        );
        return new(declaration, new(new(marks)));
    }

    private ModuleBody BodyOf(INamedTypeSymbol symbol, Dictionary<string, AttributeData> attributes)
    {
        around.Add(symbol);
        var lowRank = Read(
            attributes,
            "LowRank",
            null,
            reader => AttributeParser.LowRank(reader, new(Attribute: "LowRank"), isInModule: true)
        );
        var members = symbol.GetMembers().OfType<IPropertySymbol>().Select(MemberOf).Where(member => member is not null).ToList();
        around.RemoveAt(around.Count - 1);
        return new(new(members!), lowRank)
        {
            RepeatedLowRanks = IsRoot
                ? new(
                    symbol
                        .GetMembers()
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
        var attributes = AttributeParser.AttributesOf(property);
        var kinds = Kinds.Where(attributes.ContainsKey).ToList();
        // What factors or exempts a layer must say which, but not twice where it is a part's.
        if (kinds.Count == 0 && (IsPart || !(attributes.ContainsKey("LowRank") || attributes.ContainsKey("Dense"))))
            return null;
        if (!IsPart)
            marks.Add(new(new(property.Name), property.Locations[0]));
        var isList = ListElement(property.Type) is not null;
        var element = ListElement(property.Type) ?? property.Type;
        var sizes =
            kinds.Count == 0 ? LayerSizes.None : Read(attributes, kinds[0], property.Name, reader => LayerSizes.Of(kinds[0], reader))!;
        var part = property.RefKind == RefKind.None ? PartOf(element, kinds) : null;
        if (attributes.TryGetValue("Dense", out var dense) && !IsPart)
            marks.Add(SourceMark.Of(new(property.Name, "Dense"), dense, cancellation));
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
                reader => AttributeParser.LowRank(reader, new(property.Name, "LowRank"), isInModule: true)
            ),
            dense is not null,
            part,
            kinds.Contains("Part") && around.Contains(element, SymbolEqualityComparer.Default),
            part is not null && IsBuildable((INamedTypeSymbol)element)
        );
    }

    private ModuleBody? PartOf(ITypeSymbol element, List<string> kinds)
    {
        if (!kinds.Contains("Part") || element is not INamedTypeSymbol type || around.Contains(type, SymbolEqualityComparer.Default))
            return null;
        var attributes = AttributeParser.AttributesOf(type);
        return attributes.ContainsKey("Module") ? BodyOf(type, attributes) : null;
    }

    private IEnumerable<Target> Repeated(ISymbol symbol, string? property)
    {
        foreach (var (target, attribute) in AttributeParser.LowRanksOf(symbol, property).Skip(1))
        {
            marks.Add(SourceMark.Of(target, attribute, cancellation));
            yield return target;
        }
    }

    private PropertyShape ShapeOf(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is PropertyDeclarationSyntax syntax && !IsPart
            ? PropertyParser.Parse(property, syntax, cancellation)
            : new(property.Name, "", "", EquatableArray<string>.Empty, true, false, false, EquatableArray<string>.Empty);

    private T? Read<T>(Dictionary<string, AttributeData> attributes, string name, string? property, Func<AttributeReader, T> read)
        where T : class
    {
        if (!attributes.TryGetValue(name, out var attribute))
            return null;
        var reader = new AttributeReader(attribute);
        var options = read(reader);
        if (IsPart)
            return options;
        marks.Add(SourceMark.Of(new(property, name), attribute, cancellation));
        isIncomplete |= reader.IsIncomplete;
        return options;
    }

    // Only the names that matter are kept: a new method of the user's must not look like a new module.
    private List<string> CollidingMembers(INamedTypeSymbol symbol, ModuleBody body)
    {
        var colliding = new List<string>();
        foreach (var member in symbol.GetMembers())
        {
            var isConstructor = member is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters: [{ Type.Name: "ModelOptions" }] };
            var name = isConstructor ? ReservedNames.Constructor : member.Name;
            // A method of the hook's name is the hook, or overloads it; but the hook has been declared already, and only waits for a body.
            if (
                name == ModuleNames.Hook
                && member is IMethodSymbol and not { IsPartialDefinition: true, Parameters: [{ Type.Name: "ModelOptions" }] }
            )
                continue;
            if (
                member.IsImplicitlyDeclared
                || member.Locations.IsEmpty
                || colliding.Contains(name)
                || ModuleNames.ForMember(name) is null
                || body.Members.Any(layer => layer.Name == name)
            )
            {
                continue;
            }

            colliding.Add(name);
            marks.Add(new(new(name), member.Locations[0]));
        }

        return colliding;
    }

    private static ITypeSymbol? ListElement(ITypeSymbol type) =>
        type
            is INamedTypeSymbol
            {
                Name: "IReadOnlyList",
                TypeArguments: [var element],
                ContainingNamespace: { Name: "Generic", ContainingNamespace: { Name: "Collections", ContainingNamespace.Name: "System" } },
            }
            ? element
            : null;

    private bool IsBuildable(INamedTypeSymbol type) =>
        type is { IsAbstract: false, IsGenericType: false, IsStatic: false }
        && type.DeclaringSyntaxReferences.All(reference =>
            reference.GetSyntax(cancellation) is TypeDeclarationSyntax { ParameterList: null } syntax
            && syntax.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().All(outer => outer.Modifiers.Any(SyntaxKind.PartialKeyword))
        )
        && (type.DeclaringSyntaxReferences.IsEmpty || type.BaseType is null or { SpecialType: SpecialType.System_Object })
        && !AttributeParser.AttributesOf(type).ContainsKey("Transformer");
}
