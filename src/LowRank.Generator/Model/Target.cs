namespace LowRank.Generator.Model;

/// <summary>
/// Names a place in a declaration without holding on to its syntax: a property (or the class, or the assembly), an attribute on it,
/// counted where there are several, an argument of that attribute. A finding that names too much falls back to what is there.
/// </summary>
internal sealed record Target(
    string? Property = null,
    string? Attribute = null,
    string? Argument = null,
    int Index = 0,
    bool IsAssembly = false
)
{
    public static Target Class { get; } = new();

    /// <summary>What carries the attribute, in words.</summary>
    public string OwnerOf(string className) => IsAssembly ? "assembly" : Property ?? className;

    public Target At(string argument) => this with { Argument = argument };
}
