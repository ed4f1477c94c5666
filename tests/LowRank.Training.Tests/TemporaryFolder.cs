namespace LowRank.Training.Tests;

/// <summary>A folder of a test's own, removed with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lowrank-test-").FullName;

    public string Under(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Writes a file, in a folder made for it, and returns its path.</summary>
    public string Write(string name, byte[] content)
    {
        var path = Under(name.Split('/'));
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
