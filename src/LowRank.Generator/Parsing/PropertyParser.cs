using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator.Parsing;

/// <summary>Describes a property that declares a sublayer.</summary>
internal static class PropertyParser
{
    private static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
    );

    // What C# may find wrong with these it says at the first part alone; of any other modifier it complains wherever it stands.
    private static readonly SyntaxKind[] Modifiers =
    [
        SyntaxKind.PublicKeyword,
        SyntaxKind.PrivateKeyword,
        SyntaxKind.ProtectedKeyword,
        SyntaxKind.InternalKeyword,
        SyntaxKind.PartialKeyword,
        SyntaxKind.NewKeyword,
        SyntaxKind.VirtualKeyword,
        SyntaxKind.OverrideKeyword,
        SyntaxKind.SealedKeyword,
        SyntaxKind.StaticKeyword,
        SyntaxKind.RequiredKeyword,
        SyntaxKind.AbstractKeyword,
        SyntaxKind.ExternKeyword,
        SyntaxKind.UnsafeKeyword,
    ];

    public static PropertyShape Parse(
        IPropertySymbol symbol,
        BasePropertyDeclarationSyntax syntax,
        BaseMembers inherited,
        CancellationToken cancellation
    )
    {
        var oddity =
            syntax.ExplicitInterfaceSpecifier is not null ? "an explicit implementation of an interface"
            : symbol.IsIndexer ? "an indexer"
            : null;
        var hasKnownType = IsKnown(symbol.Type);
        return new(
            symbol.Name,
            string.Join(" ", syntax.Modifiers.Select(modifier => modifier.ValueText)),
            Reference(symbol) + symbol.Type.ToDisplayString(TypeFormat),
            new(Accessors(syntax)),
            IsUnimplemented(symbol, syntax),
            symbol.IsStatic,
            symbol.RefKind == RefKind.None && LowRankNames.IsSublayer(symbol.Type),
            inherited.Contains(symbol.Name),
            Documentation.LinesOf(symbol, syntax, cancellation)
        )
        {
            Oddity = oddity,
            HasKnownType = hasKnownType,
            CanBeWritten =
                oddity is null
                && hasKnownType
                && symbol.Type is not (IPointerTypeSymbol or IFunctionPointerTypeSymbol)
                && HasKnownAccessors(syntax)
                && HasKnownModifiers(syntax),
        };
    }

    /// <summary>How the type begins where the property returns a reference, which the other part has to repeat.</summary>
    public static string Reference(IPropertySymbol symbol) =>
        symbol.RefKind switch
        {
            RefKind.Ref => "ref ",
            RefKind.RefReadOnly => "ref readonly ",
            _ => "",
        };

    public static bool IsUnimplemented(IPropertySymbol symbol, BasePropertyDeclarationSyntax syntax) =>
        symbol.IsPartialDefinition
        && (symbol.PartialImplementationPart is not { } implementation || GeneratedPart.IsAllOf(implementation))
        && syntax.Modifiers.Any(SyntaxKind.PartialKeyword);

    private static IEnumerable<string> Accessors(BasePropertyDeclarationSyntax syntax) =>
        syntax.AccessorList?.Accessors.Select(accessor =>
            string.Join(" ", accessor.Modifiers.Select(modifier => modifier.ValueText).Append(accessor.Keyword.ValueText))
        )
        ?? ["get"];

    private static bool IsKnown(ITypeSymbol type) =>
        type switch
        {
            IErrorTypeSymbol => false,
            IArrayTypeSymbol array => IsKnown(array.ElementType),
            IPointerTypeSymbol pointer => IsKnown(pointer.PointedAtType),
            INamedTypeSymbol named => named.TypeArguments.All(IsKnown) && (named.ContainingType is not { } outer || IsKnown(outer)),
            _ => true,
        };

    private static bool HasKnownAccessors(BasePropertyDeclarationSyntax syntax) =>
        syntax.AccessorList is not { Accessors: var accessors }
        || (accessors.Count > 0 && accessors.All(accessor => !accessor.IsKind(SyntaxKind.UnknownAccessorDeclaration)));

    private static bool HasKnownModifiers(BasePropertyDeclarationSyntax syntax) =>
        syntax.Modifiers.All(modifier => Modifiers.Contains(modifier.Kind()));
}
