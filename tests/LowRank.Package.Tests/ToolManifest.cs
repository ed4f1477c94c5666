namespace LowRank.Package.Tests;

/// <summary>Tests that restore the repository's tools: one after the other, since they write the same cache.</summary>
[CollectionDefinition(Name)]
public sealed class ToolManifest
{
    /// <summary>The collection's name.</summary>
    public const string Name = "dotnet tool";
}
