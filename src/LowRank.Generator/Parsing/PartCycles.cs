using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Parsing;

/// <summary>
/// Finds modules that contain each other. Each compiles for itself, and building any of them would never end. A module of the compilation
/// is told where it is in a cycle, or where it leads into one of a referenced assembly, in which nobody else can speak of it.
/// </summary>
internal static class PartCycles
{
    /// <summary>The shortest way from a part round to its module, or to one that is met twice; null where there is none.</summary>
    /// <param name="module">The module.</param>
    /// <param name="property">The property that holds the part.</param>
    /// <param name="part">The part's type.</param>
    public static Cycle? Of(INamedTypeSymbol module, IPropertySymbol property, INamedTypeSymbol part)
    {
        var first = new Step(module, property.Name, part);
        if (Way(first, module, _ => true) is { } back)
            return new(module.Name, PathOf(back));
        // Those of this compilation speak for themselves.
        bool IsForeign(INamedTypeSymbol type) => !Same(type.ContainingAssembly, module.ContainingAssembly);
        if (!IsForeign(part))
            return null;
        foreach (var start in Reachable(first, IsForeign))
        {
            var round = PartsOf(start.To)
                .Where(next => IsForeign(next.To))
                .Select(next => Way(next, start.To, IsForeign))
                .FirstOrDefault(way => way is not null);
            if (round is not null)
                return new(start.To.Name, StepsOf(start).Concat(PathOf(round))) { IsElsewhere = true };
        }

        return null;
    }

    /// <summary>The class that a property with <c>[Part]</c> holds, alone or in a list.</summary>
    public static ITypeSymbol ElementOf(IPropertySymbol property) => ListElement(property.Type) ?? property.Type;

    /// <summary>What a list is of; null where the type is no list.</summary>
    public static ITypeSymbol? ListElement(ITypeSymbol type) =>
        type
            is INamedTypeSymbol
            {
                Name: "IReadOnlyList",
                TypeArguments: [var element],
                ContainingNamespace: { Name: "Generic", ContainingNamespace: { Name: "Collections", ContainingNamespace.Name: "System" } },
            }
            ? element
            : null;

    private static Step? Way(Step first, INamedTypeSymbol target, Func<INamedTypeSymbol, bool> isAllowed) =>
        Reachable(first, isAllowed).FirstOrDefault(step => Same(step.To, target));

    // In breadth, so that the first way to a class is the shortest.
    private static IEnumerable<Step> Reachable(Step first, Func<INamedTypeSymbol, bool> isAllowed)
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default) { first.To };
        var waiting = new Queue<Step>([first]);
        while (waiting.Count > 0)
        {
            var step = waiting.Dequeue();
            yield return step;
            foreach (var next in PartsOf(step.To).Where(next => isAllowed(next.To) && seen.Add(next.To)))
                waiting.Enqueue(next with { Before = step });
        }
    }

    private static IEnumerable<Step> PartsOf(INamedTypeSymbol type) =>
        LanguageAttributes.AttributesOf(type).ContainsKey("Module")
            ? GeneratedPart
                .WrittenMembers(type)
                .OfType<IPropertySymbol>()
                .Where(property => ElementOf(property) is INamedTypeSymbol && LanguageAttributes.AttributesOf(property).ContainsKey("Part"))
                .Select(property => new Step(type, property.Name, (INamedTypeSymbol)ElementOf(property)))
            : [];

    private static IEnumerable<string> PathOf(Step last) => StepsOf(last).Append(last.To.Name);

    private static IEnumerable<string> StepsOf(Step last)
    {
        var steps = new Stack<Step>();
        for (var step = last; step is not null; step = step.Before)
            steps.Push(step);
        return steps.Select(step => $"{step.From.Name}.{step.Property}");
    }

    private static bool Same(ISymbol one, ISymbol other) => SymbolEqualityComparer.Default.Equals(one, other);

    /// <summary>A way round.</summary>
    /// <param name="Name">The class that is met twice.</param>
    /// <param name="Path">The properties on the way, each with its class, and the class at the end.</param>
    internal sealed record Cycle(string Name, IEnumerable<string> Path)
    {
        /// <summary>Whether it is a part that is met again, and not the module.</summary>
        public bool IsElsewhere { get; init; }

        /// <summary>The way as a message tells it.</summary>
        public override string ToString() =>
            (IsElsewhere ? $"holds '{Name}', which is a part of itself" : $"makes '{Name}' a part of itself")
            + $" ({string.Join(" → ", Path)})";
    }

    private sealed record Step(INamedTypeSymbol From, string Property, INamedTypeSymbol To)
    {
        public Step? Before { get; init; }
    }
}
