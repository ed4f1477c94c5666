namespace LowRank.Generator.Model;

/// <summary>The declared class as C# sees it: what the generated part must repeat, and what may stand in its way.</summary>
/// <param name="Namespace">Its namespace, or "" for the global one.</param>
/// <param name="Containing">The types it is nested in, outermost first.</param>
/// <param name="Keyword"><c>class</c>, <c>record</c>, <c>struct</c>…</param>
/// <param name="Name">Its name without type parameters.</param>
/// <param name="TypeParameters">Its type parameters as written, or "".</param>
/// <param name="IsPartial">Whether it says <c>partial</c>.</param>
/// <param name="HiddenBy">Why code elsewhere in its assembly can't name it ("Outer.Secret is private"), or null.</param>
/// <param name="Obstacle">Why no model can be made of it ("generic", "static"…), or null.</param>
/// <param name="BaseClass">A base class of the user's own, or null.</param>
/// <param name="Members">Names in the user's parts that the generated part needs.</param>
/// <param name="Documentation">The lines of its documentation comment.</param>
internal sealed record TypeShape(
    string Namespace,
    EquatableArray<ContainingType> Containing,
    string Keyword,
    string Name,
    string TypeParameters,
    bool IsPartial,
    string? HiddenBy,
    string? Obstacle,
    string? BaseClass,
    EquatableArray<string> Members,
    EquatableArray<string> Documentation
)
{
    /// <summary>The obstacle of a class that no other file can see.</summary>
    public const string FileLocal = "file-local";

    /// <summary>The obstacle of a class within such a one.</summary>
    public const string WithinFileLocal = "nested in a file-local type";

    /// <summary>Whether a part of the class can be written in another file at all.</summary>
    public bool CanBeExtended => IsPartial && Containing.All(type => type.IsPartial) && Obstacle is not (FileLocal or WithinFileLocal);

    /// <summary>
    /// The namespace that generated code could not name, since the class or the outermost type around it has its name and is in none; or
    /// null.
    /// </summary>
    public string? HiddenNamespace => NamesNamespace ? Outermost : HiddenBeside;

    /// <summary>The same of another type without a namespace; null where there is none.</summary>
    public string? HiddenBeside { get; init; }

    /// <summary>Whether the class itself, or the outermost type around it, hides a namespace.</summary>
    public bool NamesNamespace => Namespace.Length == 0 && NeededNamespaces.Contains(Outermost);

    /// <summary>The namespaces that generated code names, beside LowRank's, without which nothing would be declared.</summary>
    public static IReadOnlyList<string> NeededNamespaces { get; } = ["System", "TorchSharp"];

    private string Outermost => Containing.Count > 0 ? Containing[0].Name : Name;

    /// <summary>The dotted name, as messages and file names use it.</summary>
    public string FullName =>
        string.Join(".", new[] { Namespace }.Concat(Containing.Select(type => type.Name)).Append(Name).Where(part => part.Length > 0));
}
