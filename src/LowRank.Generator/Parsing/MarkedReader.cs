using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Parsing;

/// <summary>Reads the attributes of one declaration and remembers where everything stands that a finding may be about.</summary>
internal sealed class MarkedReader(CancellationToken cancellation)
{
    private readonly List<SourceMark> marks = [];

    /// <summary>Whether an argument was missing or did not compile.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>The places of all that was marked or read.</summary>
    public SourceMap Sources => new(new(marks));

    public void Mark(Target target, Location location) => marks.Add(new(target, location));

    public void Mark(Target target, AttributeData attribute) => marks.Add(SourceMark.Of(target, attribute, cancellation));

    /// <summary>A property as it is described; C# speaks of one that no other part can be written of.</summary>
    public PropertyShape Read(PropertyShape property)
    {
        IsIncomplete |= property.Oddity is null && !(property.HasKnownType && property.CanBeWritten);
        return property;
    }

    /// <summary>The first property of each name; C# speaks of another.</summary>
    public IEnumerable<IPropertySymbol> First(IEnumerable<IPropertySymbol> properties)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in properties)
        {
            if (names.Add(property.Name))
                yield return property;
            else
                IsIncomplete = true;
        }
    }

    public T Read<T>(Target target, AttributeData attribute, Func<AttributeReader, T> read)
    {
        Mark(target, attribute);
        var reader = new AttributeReader(attribute);
        var options = read(reader);
        IsIncomplete |= reader.IsIncomplete;
        return options;
    }

    /// <summary>
    /// The names, each once, of the user's own members that the generated part needs. Only these are kept: a new method of the user's must
    /// not look like a new model.
    /// </summary>
    /// <param name="members">The members of the class.</param>
    /// <param name="declared">Those that are declarations, which are held to more.</param>
    /// <param name="need">What a name is needed for, or null.</param>
    public List<string> Colliding(IEnumerable<ISymbol> members, IEnumerable<string> declared, Func<string, string?> need)
    {
        var seen = new HashSet<string>(declared, StringComparer.Ordinal);
        var colliding = new List<string>();
        foreach (var member in members)
        {
            var name = IsGeneratedConstructor(member) ? ReservedNames.Constructor : member.Name;
            if (member.IsImplicitlyDeclared || member.Locations.IsEmpty || need(name) is null || !seen.Add(name))
                continue;
            colliding.Add(name);
            Mark(new(name), member.Locations[0]);
        }

        return colliding;
    }

    private static bool IsGeneratedConstructor(ISymbol member) =>
        member is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters: [{ Type.Name: "ModelOptions" }] };
}
