using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator.Parsing;

/// <summary>
/// Where the things a finding can name stand in the source. Kept apart from the model, which must not change when lines move. Real
/// tree locations are needed: <c>#pragma warning disable</c> does not reach a location made from a path.
/// </summary>
internal sealed record SourceMap(EquatableArray<SourceMark> Marks)
{
    /// <summary>The place of the target, or of the nearest thing around it that is there.</summary>
    public Location Locate(Target target)
    {
        if (target.Attribute is not null && Find(target with { Argument = null }) is { } attribute)
            return attribute.LocationOf(target.Argument);
        return (Find(new Target(target.Property)) ?? Find(Target.Class) ?? Marks[0]).Location;
    }

    private SourceMark? Find(Target target) => Marks.FirstOrDefault(mark => mark.Target == target);
}

/// <summary>A class, property or attribute and its place. Two marks are equal when neither tree nor position has changed.</summary>
internal sealed class SourceMark(Target target, Location location, AttributeSyntax? syntax = null, string[]? parameters = null)
    : IEquatable<SourceMark>
{
    public Target Target { get; } = target;

    public Location Location { get; } = location;

    public static SourceMark Of(Target target, AttributeData attribute, CancellationToken cancellation) =>
        attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) is AttributeSyntax syntax
            ? new(
                target,
                syntax.GetLocation(),
                syntax,
                attribute.AttributeConstructor?.Parameters.Select(parameter => parameter.Name).ToArray()
            )
            : new(target, Location.None);

    /// <summary>What an argument is for: as it says itself, or by its place.</summary>
    public static string? NameOf(AttributeArgumentSyntax argument, string? parameter) =>
        argument.NameEquals?.Name.Identifier.ValueText ?? argument.NameColon?.Name.Identifier.ValueText ?? parameter;

    /// <summary>The argument's place; the attribute's where the argument is left out.</summary>
    public Location LocationOf(string? argument)
    {
        if (argument is null || syntax?.ArgumentList is not { Arguments: var arguments })
            return Location;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (NameOf(arguments[i], i < parameters?.Length ? parameters[i] : null) == argument)
                return arguments[i].GetLocation();
        }

        return Location;
    }

    public bool Equals(SourceMark? other) => other is not null && Target == other.Target && Location.Equals(other.Location);

    public override bool Equals(object? obj) => Equals(obj as SourceMark);

    public override int GetHashCode() => Location.GetHashCode();
}
