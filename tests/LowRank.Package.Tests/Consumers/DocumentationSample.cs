using System.Globalization;
using System.Text.RegularExpressions;

namespace LowRank.Package.Tests.Consumers;

/// <summary>A C# block of a Markdown page, made a file that compiles.</summary>
/// <param name="Page">The page, relative to the repository.</param>
/// <param name="Line">The line of its opening fence.</param>
/// <param name="Code">The block.</param>
/// <param name="Given">What the page says stands around it, in a comment before the fence: <c>&lt;!-- given: CODE --&gt;</c>; or
/// null.</param>
internal sealed partial record DocumentationSample(string Page, int Line, string Code, string? Given)
{
    private static readonly string[] Usings =
    [
        "using LowRank;",
        "using LowRank.Layers;",
        "using LowRank.Models;",
        "using LowRank.Reparameterization;",
        "using LowRank.Training;",
        "using LowRank.Training.CommandLine;",
        "using LowRank.Training.Optimization;",
        "using TorchSharp;",
        "using static TorchSharp.torch;",
    ];

    /// <summary>The file's name, which a compiler error begins with.</summary>
    public string FileName => $"{Page.Replace('/', '.')}.line{Line.ToString(CultureInfo.InvariantCulture)}.cs";

    /// <summary>The blocks of a page.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="page">The page, relative to it, with forward slashes.</param>
    public static IEnumerable<DocumentationSample> Of(string root, string page)
    {
        var text = File.ReadAllText(Path.Combine(root, page)).ReplaceLineEndings("\n");
        foreach (Match block in Fence().Matches(text))
        {
            var line = text.AsSpan(0, block.Groups["fence"].Index).Count('\n') + 1;
            yield return new DocumentationSample(
                page,
                line,
                block.Groups["code"].Value,
                block.Groups["given"] is { Success: true } given ? given.Value : null
            );
        }
    }

    /// <summary>The block as a file: types stay types, a property gets a model around it, statements get a method.</summary>
    public string ToSource()
    {
        var lines = Code.Split('\n').ToLookup(line => UsingDirective().IsMatch(line));
        var rest = string.Join('\n', lines[false]);
        var name = string.Create(CultureInfo.InvariantCulture, $"SampleOfLine{Line}");
        var body = (Type().IsMatch(rest), Property().IsMatch(rest)) switch
        {
            (true, _) => rest,
            (_, true) => $$"""
                [Transformer(vocabulary: 8_192, context: 512, width: 512, depth: 8)]
                public partial class {{name}}
                {
                    [Attention(heads: 8)]
                    public partial Sublayer Attention { get; }

                {{rest}}
                }
                """,
            _ => $$"""
                internal static class {{name}}
                {
                    public static async Task<int> Run(string[] args)
                    {
                        await Task.Yield();
                        {{Given}}
                        {{rest}}
                        {{(rest.Contains("return ", StringComparison.Ordinal) ? "" : "return 0;")}}
                    }
                }
                """,
        };
        // A page goes on with what it has declared before.
        return string.Join('\n', [.. Usings.Union(lines[true]), $"namespace Samples.{Name().Replace(Page, "_")};", body]);
    }

    [GeneratedRegex(
        @"(?:<!-- given: (?<given>[^>]*?) -->\n+)?^(?<fence>```)csharp\n(?<code>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Fence();

    [GeneratedRegex(
        @"^\s*((public|internal|static|sealed|partial|abstract)\s+)*(class|record|struct|interface|enum)\s",
        RegexOptions.Multiline
    )]
    private static partial Regex Type();

    [GeneratedRegex(@"^\s*public partial Sublayer", RegexOptions.Multiline)]
    private static partial Regex Property();

    [GeneratedRegex(@"^using (static )?[\w.]+;$")]
    private static partial Regex UsingDirective();

    [GeneratedRegex("[^A-Za-z0-9]")]
    private static partial Regex Name();
}
