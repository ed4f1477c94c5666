using LowRank.Benchmarks.Measuring;

namespace LowRank.Benchmarks.Commands;

/// <summary>Takes what a run on a GPU has written over into docs/results/gpu.json.</summary>
internal static class GpuResultsFile
{
    /// <summary>Writes the file anew.</summary>
    /// <param name="card">The GPU.</param>
    /// <param name="files">Documents that <c>--json</c> printed; none for a file of which nothing is measured.</param>
    public static void Update(string card, IReadOnlyList<string> files)
    {
        var path = Path.Combine(Root(), "docs", "results", "gpu.json");
        var results = File.Exists(path) && files.Count > 0 ? GpuResults.Read(path) : GpuResults.Unmeasured;
        foreach (var file in files)
            results = results.With(File.ReadAllText(file), card);
        results.Write(path);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(Environment.CurrentDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LowRankDsl.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Run this within the repository.");
    }
}
