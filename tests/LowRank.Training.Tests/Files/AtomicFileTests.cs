using LowRank.Training.Files;

namespace LowRank.Training.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_killed_writers_of_a_file_left_is_removed_by_a_later_one()
    {
        var path = Path.Combine(folder.Path, "notes.json");
        var (killed, young) = (Left(path, hours: 7), Left(path, hours: 0));
        var others = Left(Path.Combine(folder.Path, "notes.json.old"), hours: 7);
        var users = Path.Combine(folder.Path, "notes.json.mine.tmp");
        File.WriteAllText(users, "");
        File.SetLastWriteTimeUtc(users, DateTime.UtcNow.AddHours(-7));
        AtomicFile.Write(path, "{}"u8);
        Assert.Equal("{}", File.ReadAllText(path));
        Assert.False(File.Exists(killed));
        Assert.All(new[] { young, others, users }, file => Assert.True(File.Exists(file), file));
    }

    private static string Left(string path, int hours)
    {
        var file = AtomicFile.UnfinishedName(path);
        File.WriteAllText(file, "");
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-hours));
        return file;
    }
}
