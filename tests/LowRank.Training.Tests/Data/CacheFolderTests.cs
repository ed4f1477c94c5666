using LowRank.Training.Data;

namespace LowRank.Training.Tests.Data;

public sealed class CacheFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_folder_asked_for_is_made()
    {
        var wanted = folder.Under("a", "b");

        Assert.Equal(wanted, CacheFolder.Resolve(wanted));
        Assert.True(Directory.Exists(wanted));
        Assert.Empty(Directory.EnumerateFileSystemEntries(wanted));
    }

    [Fact]
    public void A_checkpoint_takes_none()
    {
        var checkpoint = Path.GetDirectoryName(folder.Write("run/checkpoints/step-000000001/checkpoint.json", "{}"))!;
        folder.Write("run/checkpoints/step-000000001/model.safetensors", "");

        var refused = Assert.Throws<InputException>(() => CacheFolder.Resolve(Path.Combine(checkpoint, "cache")));

        Assert.Contains($"lies within the checkpoint '{checkpoint}'", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(checkpoint, "cache")));
    }

    [Fact]
    public void The_cache_of_the_user_comes_first_and_temporary_files_last()
    {
        var home = folder.Under("home");
        var blocked = folder.Write("blocked", "a file where the folder would be");
        var temporary = Path.Combine(Path.GetTempPath(), $"lowrank-{Environment.UserName}");

        Assert.Equal(Path.Combine(home, "lowrank"), CacheFolder.FirstWritable(CacheFolder.Candidates(home, null)));
        Assert.Equal(temporary, CacheFolder.FirstWritable(CacheFolder.Candidates(blocked, null)));
        Assert.EndsWith(temporary, CacheFolder.Candidates(null, null)[^1], StringComparison.Ordinal);
        Assert.Equal([temporary], CacheFolder.Candidates("relative", null));
    }

    [Fact]
    public void Linux_without_XDG_keeps_it_below_the_home_folder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have a folder of their own for this.");

        Assert.Equal(Path.Combine(folder.Path, ".cache", "lowrank"), CacheFolder.Candidates(null, folder.Path)[0]);
    }

    [Fact]
    public void No_folder_at_all_is_an_error_that_names_those_tried()
    {
        var blocked = folder.Write("blocked", "a file where the folder would be");
        var inside = Path.Combine(blocked, "lowrank");

        Assert.Equal(
            $"No cache folder can be written (tried '{inside}'); name one that can.",
            Assert.Throws<InputException>(() => CacheFolder.FirstWritable([inside])).Message
        );
    }
}
