using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator.Parsing;

/// <summary>Describes the declared class: what its generated part must repeat and what stands in its way.</summary>
internal static class TypeParser
{
    public static TypeShape Parse(
        INamedTypeSymbol symbol,
        TypeDeclarationSyntax syntax,
        IEnumerable<string> collidingMembers,
        bool isBuiltByName,
        CancellationToken cancellation
    ) =>
        new(
            Namespace(symbol.ContainingNamespace),
            new(Containing(syntax)),
            Keyword(syntax),
            symbol.Name,
            syntax.TypeParameterList?.ToString() ?? "",
            IsPartial(syntax),
            HiddenBy(symbol),
            Obstacle(symbol, syntax, cancellation)
                ?? (isBuiltByName && HasRequiredMember(symbol) ? "declared with a required member" : null),
            BaseClass(symbol, cancellation),
            new(collidingMembers),
            Documentation.LinesOf(symbol, syntax, cancellation)
        )
        {
            HiddenBeside = TypeShape.NeededNamespaces.FirstOrDefault(name =>
                !symbol.ContainingAssembly.GlobalNamespace.GetTypeMembers(name).IsEmpty
            ),
        };

    /// <summary>Whether the class and the types around it have names: of what has none no other part can be written.</summary>
    public static bool IsNamed(INamedTypeSymbol symbol) =>
        symbol.Name.Length > 0 && (symbol.ContainingType is not { } outer || IsNamed(outer));

    private static IEnumerable<ContainingType> Containing(TypeDeclarationSyntax syntax) =>
        syntax
            .Ancestors()
            .OfType<TypeDeclarationSyntax>()
            .Reverse()
            .Select(type => new ContainingType(
                Keyword(type),
                type.Identifier.ValueText,
                type.TypeParameterList?.ToString() ?? "",
                IsPartial(type)
            ));

    // Without the @ of names that are keywords, which file names and messages do not want.
    private static string Namespace(INamespaceSymbol symbol)
    {
        if (symbol.IsGlobalNamespace)
            return "";
        var outer = Namespace(symbol.ContainingNamespace);
        return outer.Length == 0 ? symbol.Name : outer + "." + symbol.Name;
    }

    private static bool IsPartial(TypeDeclarationSyntax syntax) => syntax.Modifiers.Any(SyntaxKind.PartialKeyword);

    private static string Keyword(TypeDeclarationSyntax syntax) =>
        syntax is RecordDeclarationSyntax { ClassOrStructKeyword.ValueText: "struct" } ? "record struct" : syntax.Keyword.ValueText;

    private static string? HiddenBy(INamedTypeSymbol symbol)
    {
        for (var type = symbol; type is not null; type = type.ContainingType)
        {
            if (type.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal))
                return $"{type.ToDisplayString()} is {SyntaxFacts.GetText(type.DeclaredAccessibility)}";
        }

        return null;
    }

    private static string? Obstacle(INamedTypeSymbol symbol, TypeDeclarationSyntax syntax, CancellationToken cancellation)
    {
        // First, since nothing can be generated for what another file cannot see, whatever else is wrong with it.
        if (symbol.IsFileLocal)
            return TypeShape.FileLocal;
        for (var outer = symbol.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            if (outer.IsFileLocal)
                return TypeShape.WithinFileLocal;
        }

        if (symbol.IsRecord)
            return "a record";
        if (symbol.TypeKind != TypeKind.Class)
            return "not a class";
        if (symbol.IsStatic)
            return "static";
        if (symbol.IsAbstract)
            return "abstract";
        if (symbol.Arity > 0)
            return "generic";
        for (var outer = symbol.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            if (outer.Arity > 0)
                return $"nested in '{outer.Name}', which is generic";
        }

        if (HasPrimaryConstructor(symbol, syntax, cancellation))
            return "declared with a primary constructor";
        return HasConstructorBesideTheGenerated(symbol, cancellation)
            ? "declared with a constructor that does not begin with ': this(options)'"
            : null;
    }

    // It would leave the layers unbuilt. C# says something about the base class's parameters, which the user has never seen. One with the
    // generated one's parameters collides with it, and is told so.
    private static bool HasConstructorBesideTheGenerated(INamedTypeSymbol symbol, CancellationToken cancellation) =>
        symbol
            .InstanceConstructors.Where(constructor => constructor.Parameters is not [{ Type.Name: "ModelOptions" }])
            .SelectMany(GeneratedPart.WrittenPlaces)
            .Any(reference =>
                reference.GetSyntax(cancellation) is ConstructorDeclarationSyntax constructor
                && !constructor.Initializer.IsKind(SyntaxKind.ThisConstructorInitializer)
            );

    private static bool HasPrimaryConstructor(INamedTypeSymbol symbol, TypeDeclarationSyntax syntax, CancellationToken cancellation) =>
        syntax.ParameterList is not null
        || (
            symbol.DeclaringSyntaxReferences.Length > 1
            && symbol.DeclaringSyntaxReferences.Any(reference =>
                reference.GetSyntax(cancellation) is TypeDeclarationSyntax { ParameterList: not null }
            )
        );

    // Whoever builds a model by its name has nothing to set such a member to.
    private static bool HasRequiredMember(INamedTypeSymbol symbol) =>
        GeneratedPart
            .WrittenMembers(symbol)
            .Any(member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true });

    /// <summary>The base class that the user wrote down; null where there is none.</summary>
    public static string? BaseClass(INamedTypeSymbol symbol, CancellationToken cancellation)
    {
        // The generated part has a base class only where the user's have none.
        if (symbol is not { TypeKind: TypeKind.Class, BaseType: { } baseType } || HasGeneratedBase(symbol, cancellation))
            return null;
        return baseType.SpecialType != SpecialType.System_Object || NamesObject(symbol, cancellation) ? baseType.ToDisplayString() : null;
    }

    private static bool HasGeneratedBase(INamedTypeSymbol symbol, CancellationToken cancellation) =>
        symbol.DeclaringSyntaxReferences.Any(reference =>
            GeneratedPart.Contains(reference) && reference.GetSyntax(cancellation) is TypeDeclarationSyntax { BaseList: not null }
        );

    // Even the base class that every class has stands in the way of another once it is written down.
    private static bool NamesObject(INamedTypeSymbol symbol, CancellationToken cancellation) =>
        symbol
            .DeclaringSyntaxReferences.Select(reference =>
                (reference.GetSyntax(cancellation) as TypeDeclarationSyntax)?.BaseList?.Types[0].Type.ToString()
            )
            .Any(first => first is "object" or "Object" or "System.Object" or "global::System.Object");
}
