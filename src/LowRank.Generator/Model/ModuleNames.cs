namespace LowRank.Generator.Model;

/// <summary>The names that the generated part of a module takes for itself.</summary>
internal static class ModuleNames
{
    /// <summary>The method that the user may write and the generated constructor calls.</summary>
    public const string Hook = "OnCreated";

    // What stands beside a layer's costs in the accounting.
    private static readonly string[] Accounting =
    [
        "Parameters",
        "ParametersAtStart",
        "GuideParameters",
        "AdapterParameters",
        "ForwardFlopsPerRow",
        "GuidedForwardFlopsPerRow",
        "ProjectionFlopsPerStep",
    ];

    /// <summary>What a member of the user's own would collide with, or null.</summary>
    public static string? ForMember(string name) =>
        name switch
        {
            "Cost" => "the accounting",
            Hook => "what runs when the layers are built",
            ReservedNames.Constructor => "building the module",
            _ => null,
        };

    /// <summary>What a layer of this name would collide with, or null.</summary>
    public static string? ForLayer(string name, bool isInherited, IEnumerable<string> before)
    {
        if (ForMember(name) is { } need)
            return need;
        if (isInherited)
            return ReservedNames.BaseClass;
        if (Accounting.Contains(name))
            return "the accounting";
        return before.FirstOrDefault(other => Identifiers.Snake(other) == Identifiers.Snake(name)) is { } same
            ? $"the parameters of '{same}', which would have the same dotted names"
            : null;
    }
}
