namespace LowRank;

/// <summary>A declared model that nothing outside of its class can build, so that the catalog has no entry for it.</summary>
/// <param name="FullName">The class's name with its namespace and containing types.</param>
/// <param name="Assembly">The name of its assembly.</param>
/// <param name="Reason">Why: <c>Outer.Secret is private</c>.</param>
internal sealed record HiddenModel(string FullName, string Assembly, string Reason)
{
    /// <summary>The class's own name.</summary>
    public string Name => FullName[(FullName.LastIndexOf('.') + 1)..];
}
