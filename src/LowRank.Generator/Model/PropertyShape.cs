namespace LowRank.Generator.Model;

/// <summary>A property that declares a sublayer, as C# sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Modifiers">Its modifiers as written, <c>partial</c> included; the other part must repeat them.</param>
/// <param name="Type">Its type, fully qualified.</param>
/// <param name="Accessors">Its accessors as the implementing part must repeat them: <c>get</c>, <c>init</c>, <c>private set</c>…</param>
/// <param name="IsPartial">Whether it says <c>partial</c> and is still without an implementation.</param>
/// <param name="IsStatic">Whether it is static.</param>
/// <param name="IsSublayer">Whether its type is <c>LowRank.Sublayer</c>.</param>
/// <param name="IsInherited">Whether a base class of what is generated has a member of its name.</param>
/// <param name="Documentation">The lines of its documentation comment.</param>
internal sealed record PropertyShape(
    string Name,
    string Modifiers,
    string Type,
    EquatableArray<string> Accessors,
    bool IsPartial,
    bool IsStatic,
    bool IsSublayer,
    bool IsInherited,
    EquatableArray<string> Documentation
)
{
    /// <summary>What it is instead of a property of its own, in words; null where it is one.</summary>
    public string? Oddity { get; init; }

    /// <summary>Whether C# knows its type, and all that stands in it.</summary>
    public bool HasKnownType { get; init; } = true;

    /// <summary>Whether another part of it can be written that C# finds nothing wrong with but what is wrong with this one.</summary>
    public bool CanBeWritten { get; init; } = true;
}
