using System.Globalization;

namespace LowRank.Training.Documents;

/// <summary>Finds the documentation files of the reference packs of a .NET installation.</summary>
internal static class ReferencePack
{
    /// <summary>
    /// The packs that the SDK brings on every system. Others, such as that of Windows Desktop, come with some systems only and would
    /// make the corpus differ between machines.
    /// </summary>
    private static readonly string[] Names = ["Microsoft.AspNetCore.App.Ref", "Microsoft.NETCore.App.Ref"];

    /// <summary>
    /// The XML files of each pack's highest version, as paths relative to the packs folder with forward slashes, in ordinal order; none
    /// when the packs are missing or come without documentation. Translations, which lie in folders of their own, are left out.
    /// </summary>
    public static IReadOnlyList<string> DocumentationFiles(string dotnetRoot)
    {
        var packs = PacksFolder(dotnetRoot);
        var files = new List<string>();
        foreach (var name in Names)
        {
            var version = HighestVersion(Path.Combine(packs, name));
            var references = version is null ? "" : Path.Combine(version, "ref");
            if (Directory.Exists(references))
            {
                files.AddRange(
                    Directory
                        .EnumerateDirectories(references)
                        .SelectMany(framework => Directory.EnumerateFiles(framework, "*.xml"))
                        .Select(file => Path.GetRelativePath(packs, file).Replace(Path.DirectorySeparatorChar, '/'))
                );
            }
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }

    public static string PacksFolder(string dotnetRoot) => Path.Combine(dotnetRoot, "packs");

    private static string? HighestVersion(string pack) =>
        Directory.Exists(pack) ? Directory.EnumerateDirectories(pack).MaxBy(folder => VersionOrder.Of(Path.GetFileName(folder))) : null;

    /// <summary>Orders versions by their numbers, previews (<c>10.0.0-rc.1.25451.107</c>) before the release.</summary>
    private readonly record struct VersionOrder(Version Numbers, bool Release, string Label) : IComparable<VersionOrder>
    {
        public static VersionOrder Of(string folder)
        {
            var parts = folder.Split('-', 2);
            var numbers = Version.TryParse(parts[0], out var parsed) ? parsed : new Version(0, 0);
            return new VersionOrder(numbers, parts.Length == 1, PadNumbers(parts[^1]));
        }

        public int CompareTo(VersionOrder other)
        {
            var order = Numbers.CompareTo(other.Numbers);
            order = order != 0 ? order : Release.CompareTo(other.Release);
            return order != 0 ? order : string.CompareOrdinal(Label, other.Label);
        }

        private static string PadNumbers(string label) =>
            string.Join(
                '.',
                label
                    .Split('.')
                    .Select(part =>
                        int.TryParse(part, CultureInfo.InvariantCulture, out var number)
                            ? number.ToString("D10", CultureInfo.InvariantCulture)
                            : part
                    )
            );
    }
}
