using System.Reflection;

namespace LowRank.Package.Tests;

/// <summary>What this build of the repository was: the project file notes it in the assembly.</summary>
internal static class ThisBuild
{
    public static string Solution => Noted();

    public static string Configuration => Noted();

    /// <summary>The folder of packages that the build restored into.</summary>
    public static string PackageFolder => Noted();

    public static string LibtorchVersion => Noted();

    public static string TorchSharpVersion => Noted();

    private static string Noted([System.Runtime.CompilerServices.CallerMemberName] string key = "") =>
        typeof(ThisBuild).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(note => note.Key == key).Value
        ?? throw new InvalidOperationException($"The build noted no {key}.");
}
