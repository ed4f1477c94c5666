using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json.Nodes;

namespace LowRank.Tests.Pipelines;

/// <summary>
/// Files of made documents, among which some are short, some there twice, some nearly so, and some with addresses of people.
/// </summary>
internal static class MadeCrawl
{
    /// <summary>Documents in each file.</summary>
    public const int Documents = 60;

    private static readonly string[] Words =
    [
        .. "the be to of and that have with this from they will would there their what about which when make like time just know take people into year your good some could them other than then look only come over think also back after use two how our work first well way even new want because any these give day most us water stone river garden window letter music winter market bridge".Split(
            ' '
        ),
    ];

    /// <summary>Writes the files, every tenth document of each the same in all of them.</summary>
    public static void Write(string folder, int files, int seed = 1)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(seed);
        var shared = Enumerable.Range(0, Documents).Select(_ => Text(random, 120)).ToArray();
        for (var file = 0; file < files; file++)
        {
            var lines = new StringBuilder();
            for (var document = 0; document < Documents; document++)
            {
                var text = (document % 10) switch
                {
                    0 => shared[document],
                    1 => "short",
                    // Nearly the same in all files: one word at the end.
                    2 => $"{shared[document - 1]} {file}",
                    3 => Text(random, 80) + string.Create(CultureInfo.InvariantCulture, $" write to person{document}@mail{file}.org today"),
                    _ => Text(random, 60 + random.Next(200)),
                };
                var record = new JsonObject
                {
                    ["text"] = text,
                    ["id"] = string.Create(CultureInfo.InvariantCulture, $"{file}-{document}"),
                    ["url"] = string.Create(CultureInfo.InvariantCulture, $"https://example.org/{file}/{document}"),
                };
                lines.Append(record.ToJsonString()).Append('\n');
            }

            File.WriteAllText(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{file:000}.jsonl")), lines.ToString());
        }
    }

    /// <summary>The hash of every file below a folder, by its path there.</summary>
    public static SortedDictionary<string, string> Hashes(string folder) =>
        new(
            Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .ToDictionary(
                    file => Path.GetRelativePath(folder, file),
                    file => Convert.ToHexString(XxHash128.Hash(File.ReadAllBytes(file)))
                ),
            StringComparer.Ordinal
        );

    private static string Text(Random random, int words)
    {
        var text = new StringBuilder();
        for (var word = 0; word < words; word++)
        {
            text.Append(Words[random.Next(Words.Length)]);
            text.Append(word % 12 == 11 ? ".\n" : " ");
        }

        return text.Append("end.").ToString();
    }
}
