namespace LowRank.Training.Tests.Training;

/// <summary>A folder that lives as long as a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lowrank-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
