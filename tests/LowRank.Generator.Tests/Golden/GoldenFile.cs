using System.Text.Json;

namespace LowRank.Generator.Tests.Golden;

/// <summary>Reads the published numbers that this project is held against.</summary>
internal static class GoldenFile
{
    public static JsonElement Read(string name)
    {
        using var stream = typeof(GoldenFile).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException(name);
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }

    /// <summary>The names of a list's entries, for theories.</summary>
    public static TheoryData<string> Names(string file, string list)
    {
        var names = new TheoryData<string>();
        foreach (var entry in Read(file).GetProperty(list).EnumerateArray())
            names.Add(entry.GetProperty("name").GetString()!);
        return names;
    }

    public static JsonElement Entry(string file, string list, string name) =>
        Read(file).GetProperty(list).EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == name);
}
