using System.Runtime.CompilerServices;

namespace LowRank.Training.Tests.Runs;

/// <summary>A part of a page of the documentation that is written from what is declared, with <c>UPDATE_DOCS=1</c>.</summary>
internal static class WrittenTable
{
    private const string Begin = "<!-- options, written by UPDATE_DOCS=1 dotnet test --project tests/LowRank.Training.Tests -->\n";
    private const string End = "<!-- end of options -->";

    public static void AssertIn(string name, string table)
    {
        var path = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "docs", name);
        var page = File.ReadAllText(path).ReplaceLineEndings("\n");
        var (first, last) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        Assert.True(first >= 0 && last > first, $"{name} has no table of options.");
        var written = page[..(first + Begin.Length)] + table + page[last..];
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(path, written);
        else
            Assert.Equal(written, page);
    }

    private static string Here([CallerFilePath] string here = "") => here;
}
