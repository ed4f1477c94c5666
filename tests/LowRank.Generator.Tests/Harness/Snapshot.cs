using System.Runtime.CompilerServices;
using DiffPlex.Renderer;

namespace LowRank.Generator.Tests.Harness;

/// <summary>
/// Compares text with a baseline beside the test. A missing baseline fails; <c>UPDATE_SNAPSHOTS=1</c> writes all baselines anew.
/// </summary>
internal static class Snapshot
{
    public static void Assert(string actual, string name, [CallerFilePath] string testFile = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(testFile)!, "Snapshots", name + ".txt");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Xunit.Assert.True(File.Exists(path), $"There is no baseline {path}; run with UPDATE_SNAPSHOTS=1 to write it.");
        var expected = File.ReadAllText(path);
        if (expected != actual)
            Xunit.Assert.Fail(
                $"{name} differs from its baseline:\n{UnidiffRenderer.GenerateUnidiff(expected, actual, "baseline", "actual")}"
            );
    }
}
