using System.Threading.Channels;
using LowRank.Training.CommandLine.Watching;

namespace LowRank.Training.Tests.CommandLine.Watching;

public sealed class SourceWatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_is_saved_at_once_is_one_save()
    {
        var saves = Channel.CreateUnbounded<string>();
        foreach (var file in new[] { "A.cs", "B.cs", "A.cs" })
            saves.Writer.TryWrite(file);
        Assert.Equal(["A.cs", "B.cs"], await SourceWatch.WaitAsync(saves.Reader, TimeSpan.FromMilliseconds(50), default));

        var next = SourceWatch.WaitAsync(saves.Reader, TimeSpan.FromMilliseconds(50), default);
        Assert.False(next.IsCompleted);
        saves.Writer.TryWrite("C.cs");
        Assert.Equal(["C.cs"], await next);
    }

    [Fact]
    public async Task Each_save_begins_the_while_anew()
    {
        var saves = Channel.CreateUnbounded<string>();
        saves.Writer.TryWrite("A.cs");
        var one = SourceWatch.WaitAsync(saves.Reader, Patience, default);
        saves.Writer.TryWrite("B.cs");
        await Task.Delay(50);
        Assert.False(one.IsCompleted);
        saves.Writer.TryWrite("C.cs");
        Assert.False(one.IsCompleted);
    }

    [Fact]
    public async Task Waiting_can_be_ended_before_a_save_and_after_it()
    {
        using var stop = new CancellationTokenSource();
        var saves = Channel.CreateUnbounded<string>();
        var before = SourceWatch.WaitAsync(saves.Reader, Patience, stop.Token);
        var busy = Channel.CreateUnbounded<string>();
        busy.Writer.TryWrite("A.cs");
        var after = SourceWatch.WaitAsync(busy.Reader, Patience, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => before);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => after);
    }

    [Fact]
    public async Task Sources_are_followed_in_folders_and_what_builds_write_is_not()
    {
        using var folder = new TemporaryFolder();
        folder.Write("obj/Debug/Old.cs", "");
        folder.Write("Models/Model.cs", "");
        using var watch = new SourceWatch();
        watch.Follow([folder.Path, folder.Under("missing")]);
        var save = watch.WaitAsync(default);
        folder.Write("obj/Debug/Old.cs", "changed");
        folder.Write("notes.txt", "changed");
        // As editors do that never leave half a file.
        var written = folder.Write("Models/Model.cs~", "changed");
        File.Move(written, folder.Under("Models", "Model.cs"), overwrite: true);
        Assert.Equal([folder.Under("Models", "Model.cs")], await save.WaitAsync(Patience));
    }

    [Theory]
    [InlineData(true, "Model.cs")]
    [InlineData(true, "Models", "Model.CS")]
    [InlineData(true, "App.csproj")]
    [InlineData(true, "Directory.Build.props")]
    [InlineData(true, ".editorconfig")]
    [InlineData(true, "objects", "Model.cs")]
    [InlineData(false, "obj", "Debug", "App.AssemblyInfo.cs")]
    [InlineData(false, "Bin", "x.cs")]
    [InlineData(false, ".git", "x.cs")]
    [InlineData(false, "Model.cs.swp")]
    [InlineData(false, "run", "metrics.jsonl")]
    public void Some_files_decide_what_is_built(bool expected, params string[] parts)
    {
        var folder = Path.GetFullPath("bin");
        Assert.Equal(expected, SourceFiles.Has(folder, Path.Combine([folder, .. parts])));
    }
}
