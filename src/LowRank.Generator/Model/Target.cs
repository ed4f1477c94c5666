namespace LowRank.Generator.Model;

/// <summary>
/// Names a place in a declaration without holding on to its syntax: a property (or the class), an attribute on it, an argument of
/// that attribute. A finding that names too much falls back to what is there.
/// </summary>
internal sealed record Target(string? Property = null, string? Attribute = null, string? Argument = null)
{
    public static Target Class { get; } = new();

    public Target At(string argument) => this with { Argument = argument };
}
