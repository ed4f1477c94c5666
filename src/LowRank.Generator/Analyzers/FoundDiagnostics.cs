using System.Collections.Immutable;
using LowRank.Generator.Checks.Modules;
using LowRank.Generator.Checks.Transformers;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator.Analyzers;

/// <summary>What there is to report of a symbol. Analyzers report it; a fix that is tried asks for it without them.</summary>
internal static class FoundDiagnostics
{
    /// <summary>All of a class and its properties.</summary>
    public static IEnumerable<Diagnostic> In(INamedTypeSymbol type, CancellationToken cancellation) =>
        OfClass(type, cancellation).Concat(OfAttributes(type)).Concat(type.GetMembers().OfType<IPropertySymbol>().SelectMany(OfAttributes));

    /// <summary>What is wrong with the attributes of a symbol, whatever it declares.</summary>
    public static IEnumerable<Diagnostic> OfAttributes(ISymbol symbol) => Misplaced(symbol).Concat(UnknownOptions.On(symbol));

    /// <summary>What is wrong with a declared class, and worth knowing about it; nothing of any other class.</summary>
    public static IEnumerable<Diagnostic> OfClass(INamedTypeSymbol symbol, CancellationToken cancellation)
    {
        var ofModule = ModuleOf(symbol, cancellation) is { } module
            ? LocatedFindings.Of(ModuleChecks.Rules.FindingsOf(module.Declaration), module.Sources)
            : [];
        if (TransformerOf(symbol, cancellation) is not { } transformer)
            return ofModule;
        var findings = TransformerChecks.Rules.FindingsOf(transformer.Declaration);
        var notes = TransformerChecks.NotesOf(transformer.Declaration);
        return ofModule.Concat(LocatedFindings.Of(findings.Concat(notes), transformer.Sources));
    }

    /// <summary>What the transformers of an assembly find in its attributes.</summary>
    public static IEnumerable<Diagnostic> OfAssembly(IAssemblySymbol assembly, CancellationToken cancellation)
    {
        if (!LanguageAttributes.HasLowRanks(assembly))
            return [];
        var all = DeclaredTypes
            .In(assembly.GlobalNamespace)
            .Select(symbol => TransformerOf(symbol, cancellation))
            .Where(transformer => transformer is not null)
            .ToImmutableArray();
        return LocatedFindings.OfAssembly(all!);
    }

    // Attributes of the language on a class that declares nothing in which they would mean something, or on its property.
    private static IEnumerable<Diagnostic> Misplaced(ISymbol symbol)
    {
        if ((symbol as INamedTypeSymbol ?? symbol.ContainingType) is not { } type)
            yield break;
        var attributes = symbol
            .GetAttributes()
            .Select(attribute => (Attribute: attribute, Name: LowRankNames.AttributeName(attribute)))
            .Where(pair => pair.Name is not null && IsAllowed(pair.Name, symbol))
            .ToList();
        if (attributes.Count == 0)
            yield break;
        var declared = type.GetAttributes().Select(LowRankNames.AttributeName).ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (attribute, name) in attributes)
        {
            if (AttributeHomes.Of(name!) is not { Length: > 0 } homes || homes.Any(declared.Contains))
                continue;
            // C# has spoken of a second one.
            if (!seen.Add(name!) && !AttributeHomes.IsRepeatable(name!))
                continue;
            var location = attribute.ApplicationSyntaxReference is { } reference
                ? Location.Create(reference.SyntaxTree, reference.Span)
                : symbol.Locations[0];
            yield return Diagnostic.Create(ClassRules.MisplacedAttribute, location, name, symbol.Name, type.Name, $"[{homes[0]}]");
        }
    }

    /// <summary>Whether the generator writes the other part of a partial property.</summary>
    public static bool IsDeclared(IPropertySymbol property)
    {
        var onClass = LanguageAttributes.AttributesOf(property.ContainingType);
        var isMarked = LanguageAttributes.AttributesOf(property).Count > 0;
        return (onClass.ContainsKey("Transformer") && (isMarked || LowRankNames.IsSublayer(property.Type)))
            || (onClass.ContainsKey("Module") && isMarked);
    }

    /// <summary>Whether a class, or the class of a member, could not have it under another name.</summary>
    public static bool IsReserved(string name, ISymbol symbol, CancellationToken cancellation)
    {
        if ((symbol as INamedTypeSymbol is { } own && IsDeclaring(own) ? own : symbol.ContainingType) is not { } type)
            return false;
        IDeclaration? declaration = TransformerOf(type, cancellation)?.Declaration;
        declaration ??= ModuleOf(type, cancellation)?.Declaration;
        return declaration?.NeedForName(name) is not null;
    }

    // Of an attribute on what it is not for C# speaks.
    private static bool IsAllowed(string attribute, ISymbol symbol) =>
        symbol is IPropertySymbol ? AttributeHomes.IsOfProperties(attribute) : AttributeHomes.IsOfClasses(attribute);

    private static bool IsDeclaring(INamedTypeSymbol type) =>
        LanguageAttributes.AttributesOf(type).Keys.Any(name => AttributeHomes.Of(name).Length == 0);

    private static Parsed<ModuleDeclaration>? ModuleOf(INamedTypeSymbol symbol, CancellationToken cancellation) =>
        Declaring(symbol, "Module", cancellation) is { } syntax ? ModuleParser.Parse(symbol, syntax, cancellation) : null;

    private static Parsed<TransformerDeclaration>? TransformerOf(INamedTypeSymbol symbol, CancellationToken cancellation) =>
        Declaring(symbol, "Transformer", cancellation) is { } syntax ? TransformerParser.Parse(symbol, syntax, cancellation) : null;

    // On an enum or a delegate C# refuses the attribute, and the type around it is another.
    private static TypeDeclarationSyntax? Declaring(INamedTypeSymbol symbol, string attribute, CancellationToken cancellation) =>
        symbol
            .GetAttributes()
            .FirstOrDefault(candidate => LowRankNames.AttributeName(candidate) == attribute)
            ?.ApplicationSyntaxReference?.GetSyntax(cancellation)
            .FirstAncestorOrSelf<MemberDeclarationSyntax>() as TypeDeclarationSyntax;
}
