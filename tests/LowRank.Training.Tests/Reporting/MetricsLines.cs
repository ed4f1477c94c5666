using System.Text.Json;

namespace LowRank.Training.Tests.Reporting;

/// <summary>Reads a metrics log back.</summary>
internal static class MetricsLines
{
    public static IReadOnlyList<JsonElement> Read(string path) =>
        [.. File.ReadAllLines(path).Select(line => JsonDocument.Parse(line).RootElement.Clone())];

    public static IReadOnlyList<int> Steps(string path, string kind) =>
        [.. Read(path).Where(line => line.GetProperty("kind").GetString() == kind).Select(line => line.GetProperty("step").GetInt32())];
}
