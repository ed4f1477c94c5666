using System.Text.RegularExpressions;

namespace LowRank.Training.Files;

/// <summary>Names that stand for an instant beside those that were asked for, and mean nothing to who reads a message.</summary>
internal static partial class TemporaryNames
{
    /// <summary>A message of the system about the names that were asked for.</summary>
    public static string RemoveFrom(string message) => Pattern().Replace(message, "");

    // Folders and files that try a place, and what AtomicFile and UnfinishedFolder append.
    [GeneratedRegex(@"[\\/]\.lowrank-[0-9a-f]{32}\.tmp|\.[0-9a-f]{32}\.tmp(\.lock)?", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
