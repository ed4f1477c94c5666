using LowRank.Training.Files;

namespace LowRank.Training.Tests.Files;

public sealed class NewFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string place;

    public NewFolderTests() => place = Path.Combine(folder.Path, "hf");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void One_that_fails_leaves_no_folder_that_it_made()
    {
        var deep = Path.Combine(folder.Path, "fresh", "deep", "out");
        Assert.Throws<InputException>(() => NewFolder.Write(deep, _ => throw new InputException("No weight of these fits.")));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Of_many_that_fail_none_takes_the_folders_away_from_under_another()
    {
        var deep = Path.Combine(folder.Path, "fresh", "deep", "out");
        Parallel.For(
            0,
            400,
            new ParallelOptions { MaxDegreeOfParallelism = 6 },
            _ =>
            {
                var reason = Assert.Throws<InputException>(() => NewFolder.Write(deep, _ => throw new InputException("Mine.")));
                Assert.Equal("Mine.", reason.Message);
            }
        );
    }

    [Fact]
    public void Of_several_writers_one_gets_the_folder_and_the_others_are_refused()
    {
        using var all = new Barrier(4);
        var refused = 0;
        Parallel.For(
            0,
            all.ParticipantCount,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            number =>
            {
                try
                {
                    NewFolder.Write(
                        place,
                        path =>
                        {
                            File.WriteAllText(Path.Combine(path, "first"), $"{number}");
                            // Those that aren't started beside the others are refused at once.
                            all.SignalAndWait(TimeSpan.FromSeconds(2));
                            File.WriteAllText(Path.Combine(path, "second"), $"{number}");
                        }
                    );
                }
                catch (InputException exception)
                {
                    Assert.Equal($"'{place}' is there already and not empty; name a new folder.", exception.Message);
                    Interlocked.Increment(ref refused);
                }
            }
        );
        Assert.Equal(3, refused);
        Assert.Equal(File.ReadAllText(Path.Combine(place, "first")), File.ReadAllText(Path.Combine(place, "second")));
        Assert.Equal([place], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void What_killed_writers_left_is_removed_by_the_next_one_of_the_same_place()
    {
        var left = Left(place);
        File.WriteAllText(Left(place) + ".lock", "");
        File.WriteAllText($"{place}.{Guid.NewGuid():N}.tmp.lock", "");
        string[] kept = [Directory.CreateDirectory(place + ".notes.tmp").FullName, Left(place + "2")];
        using (var living = UnfinishedFolder.Begin(place))
        {
            Assert.False(Directory.Exists(left));
            NewFolder.Write(place, path => File.WriteAllText(Path.Combine(path, "whole"), ""));
            Assert.True(Directory.Exists(living.Path));
        }

        Assert.Equal([place, .. kept], Directory.GetFileSystemEntries(folder.Path).Order(StringComparer.Ordinal));
    }

    private static string Left(string place)
    {
        var path = Directory.CreateDirectory($"{place}.{Guid.NewGuid():N}.tmp").FullName;
        File.WriteAllText(Path.Combine(path, "model.safetensors"), "half");
        return path;
    }
}
