namespace LowRank.EndToEnd.Tests.Processes;

/// <summary>A folder that lives as long as a test, with a small real text in it: the documentation of the libraries.</summary>
internal sealed class WorkFolder : IDisposable
{
    public WorkFolder()
    {
        Path = Directory.CreateTempSubdirectory("lowrank-end-to-end-").FullName;
        Text = System.IO.Path.Combine(Path, "text");
        Directory.CreateDirectory(Text);
        foreach (var name in new[] { "LowRank.Runtime.xml", "LowRank.Training.xml" })
            File.Copy(System.IO.Path.Combine(AppContext.BaseDirectory, name), System.IO.Path.Combine(Text, name));
    }

    public string Path { get; }

    /// <summary>The folder of the text.</summary>
    public string Text { get; }

    public string Under(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
