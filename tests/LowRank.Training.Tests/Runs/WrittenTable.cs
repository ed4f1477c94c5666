using System.Runtime.CompilerServices;

namespace LowRank.Training.Tests.Runs;

/// <summary>A part of a page of the documentation that is written from what is declared, with <c>UPDATE_DOCS=1</c>.</summary>
internal static class WrittenTable
{
    public static void AssertIn(string name, string table, string what = "options", string project = "LowRank.Training.Tests")
    {
        var begin = $"<!-- {what}, written by UPDATE_DOCS=1 dotnet test --project tests/{project} -->\n";
        var end = $"<!-- end of {what} -->";
        var path = PathOf(name);
        var page = File.ReadAllText(path).ReplaceLineEndings("\n");
        var (first, last) = (page.IndexOf(begin, StringComparison.Ordinal), page.IndexOf(end, StringComparison.Ordinal));
        Assert.True(first >= 0 && last > first, $"{name} has no table of {what}.");
        var written = page[..(first + begin.Length)] + table + page[last..];
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(path, written);
        else
            Assert.Equal(written, page);
    }

    /// <summary>A file of the documentation.</summary>
    public static string PathOf(string name) => Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "docs", name);

    private static string Here([CallerFilePath] string here = "") => here;
}
