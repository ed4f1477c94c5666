using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace LowRank.Training.Tests.Walls;

/// <summary>Names in what users read, as code, and in the snapshots of generated code.</summary>
internal sealed partial class PublishedNames
{
    private readonly HashSet<string> documented;
    private readonly HashSet<string> generated = new(StringComparer.Ordinal);

    private PublishedNames(string root)
    {
        string[] pages =
        [
            Path.Combine(root, "README.md"),
            // Says where what stands, internal or not.
            .. Files(root, "docs", "*.md").Where(path => Path.GetFileName(path) != "architecture.md"),
            .. Files(root, "src/LowRank.Runtime/Package", "*.md"),
            .. Files(root, "src/LowRank.Training/Package", "*.md"),
            .. Files(root, "src/LowRank.Templates", "*.md"),
        ];
        string[] samples = [.. Files(root, "src/Examples", "*.cs"), .. Files(root, "src/LowRank.Templates", "*.cs")];
        documented =
        [
            .. pages.SelectMany(page => Code().Matches(File.ReadAllText(page))).SelectMany(block => Words(block.Value)),
            .. samples.SelectMany(sample => Words(File.ReadAllText(sample))),
        ];
        foreach (var snapshot in Files(root, "tests/LowRank.Generator.Tests/Emission/Snapshots", "*.txt"))
            AddGenerated(File.ReadAllText(snapshot));
    }

    public static PublishedNames Read() => new(Path.GetFullPath(Path.Combine(Here(), "../../../..")));

    /// <summary>Whether README, docs or samples name a type; an attribute also without its ending.</summary>
    public bool InDocs(Type type)
    {
        var name = Name(type);
        return documented.Contains(name)
            || (type.IsSubclassOf(typeof(Attribute)) && documented.Contains(name[..^nameof(Attribute).Length]));
    }

    /// <summary>Whether generated code names a type.</summary>
    public bool InGeneratedCode(Type type) => generated.Contains($"{type.Namespace}.{Name(type)}");

    // Written by its full name, or below an alias of its namespace.
    private void AddGenerated(string snapshot)
    {
        var aliases = Alias().Matches(snapshot).ToLookup(alias => alias.Groups["name"].Value, alias => alias.Groups["space"].Value);
        foreach (Match reference in Reference().Matches(snapshot))
        {
            var (first, rest) = (reference.Groups["first"].Value, reference.Groups["rest"].Value.Split('.'));
            foreach (var space in first == "global" ? [""] : aliases[first].Select(space => space + "."))
            {
                for (var length = 1; length <= rest.Length; length++)
                    generated.Add(space + string.Join('.', rest[..length]));
            }
        }
    }

    private static IEnumerable<string> Files(string root, string folder, string pattern) =>
        Directory
            .EnumerateFiles(Path.Combine(root, folder), pattern, SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    private static IEnumerable<string> Words(string text) => Word().Matches(text).Select(word => word.Value);

    private static string Name(Type type) => type.Name.Split('`')[0];

    private static string Here([CallerFilePath] string here = "") => here;

    [GeneratedRegex(@"^```.*?^```|`[^`\n]+`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"using (?<name>\w+) = global::(?<space>[\w.]+);")]
    private static partial Regex Alias();

    [GeneratedRegex(@"\b(?<first>\w+)::(?<rest>\w+(\.\w+)*)")]
    private static partial Regex Reference();
}
