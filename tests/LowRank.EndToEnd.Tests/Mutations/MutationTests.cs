using System.Diagnostics;
using System.Globalization;
using LowRank.Training.Checkpoints;
using LowRank.Training.Files;

namespace LowRank.EndToEnd.Tests.Mutations;

/// <summary>
/// Six hundred commands over damaged files, the same in every run; <see cref="MutationOptions"/> says how to run others. Each ends in
/// success, or with code 2 and a message that names the file; soon, and without taking all memory.
/// </summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private const int Shown = 12;

    [Fact]
    public async Task Every_command_over_a_damaged_file_succeeds_or_names_it()
    {
        var options = MutationOptions.FromEnvironment();
        var ground = await Ground.Make();
        var complaints = new List<(string File, string Text)>();
        var ended = new SortedDictionary<string, (int Accepted, int Refused)>(StringComparer.Ordinal);
        var taken = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (var number in options.Numbers)
        {
            var dice = new Dice(options.Seed, number);
            var file = dice.Of(ground.Files);
            // Resuming takes ten times as long as all else: two thirds of what nothing else reads are drawn again.
            if (file.Commands.All(one => one.Contains("--resume")) && !dice.OneIn(3))
                file = dice.Of(ground.Files);
            var path = Path.Combine(ground.Path, file.Path);
            var kept = Path.Combine(ground.Path, "kept");
            string[] command =
            [
                .. dice.Of(file.Commands).Select(word => word.Replace("{new}", Path.Combine(ground.Path, "new"), StringComparison.Ordinal)),
            ];
            var isResumed = command.Contains("--resume");
            if (isResumed)
                CopyFolder(Path.Combine(ground.Path, "run"), kept);
            var content = File.ReadAllBytes(path);
            File.WriteAllBytes(path, dice.OneIn(4) ? ByteMutations.Apply(content, dice) : file.Mutate(content, dice));
            var seal = file.Sealed is { } folder && dice.OneIn(2) ? new Seal(Path.Combine(ground.Path, folder), file.Path) : null;
            if (options.Only is not null)
                output.WriteLine($"{file.Path}\n{string.Join(' ', command)}");

            var began = Stopwatch.GetTimestamp();
            var (code, complaint) = Judge.Run(command, NamesOf(file, ground.Path));
            if (code == 2 && command.Contains(Path.Combine(ground.Path, "new")) && LeftIn(Path.Combine(ground.Path, "new")) is { } left)
                complaint ??= $"refuses, and leaves {left}";
            if (complaint is not null)
                complaints.Add((file.Name, $"{string.Join(' ', command)}\n{file.Path} {complaint.TrimEnd()}\n{options.Replay(number)}"));
            taken[file.Name] = taken.GetValueOrDefault(file.Name) + Stopwatch.GetElapsedTime(began);
            var (accepted, refused) = ended.GetValueOrDefault(file.Name);
            ended[file.Name] = code == 0 ? (accepted + 1, refused) : (accepted, refused + 1);

            // What hangs may still write: it keeps its folder, and the next cases have another.
            if (code is null)
                ground = ground.Copy();
            path = Path.Combine(ground.Path, file.Path);
            File.WriteAllBytes(path, content);
            seal?.Dispose();
            Delete(Path.Combine(ground.Path, "new"));
            if (isResumed)
            {
                Delete(Path.Combine(ground.Path, "run"));
                Directory.Move(Path.Combine(ground.Path, "kept"), Path.Combine(ground.Path, "run"));
                File.WriteAllBytes(path, content);
            }
        }

        output.WriteLine(
            $"seed {options.Seed}: "
                + string.Join(
                    ", ",
                    ended.Select(pair =>
                        FormattableString.Invariant(
                            $"{pair.Key} {pair.Value.Accepted}+{pair.Value.Refused} in {taken[pair.Key].TotalSeconds:0.0} s"
                        )
                    )
                )
        );
        var kinds = string.Join(", ", complaints.GroupBy(complaint => complaint.File).Select(group => $"{group.Key} {group.Count()}"));
        Assert.True(
            complaints.Count == 0,
            string.Create(CultureInfo.InvariantCulture, $"{complaints.Count} cases ({kinds}):\n\n")
                + string.Join("\n\n", Several(complaints))
        );
        // A log is never refused: what is damaged in it is left out.
        if (options.Only is null)
            Assert.All(
                ended.Where(pair => pair.Key != "metrics"),
                pair => Assert.True(pair.Value.Refused > 0, $"No damage to {pair.Key} was ever noticed.")
            );
        ground.Dispose();
    }

    // Some of every kind.
    private static IEnumerable<string> Several(List<(string File, string Text)> complaints) =>
        complaints.GroupBy(complaint => complaint.File).SelectMany(group => group.Take(Shown)).Select(complaint => complaint.Text);

    // The file, or the folder within the ground that it lies in: where several files disagree, none is at fault alone.
    private static List<string> NamesOf(MutatedFile file, string ground)
    {
        var names = new List<string> { Path.GetFileName(file.Path) };
        for (var folder = Path.GetDirectoryName(file.Path); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
            names.Add(Path.Combine(ground, folder));
        return names;
    }

    // The lock of a run stays in its folder.
    private static string? LeftIn(string folder) =>
        !Directory.Exists(folder)
            ? null
            : Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .FirstOrDefault(file => !Path.GetFileName(file).StartsWith(RunLock.Name, StringComparison.Ordinal));

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>Makes a checkpoint's list of hashes fit a damaged file, so that it is not that list which finds the damage.</summary>
    private sealed class Seal : IDisposable
    {
        private readonly string path;
        private readonly byte[] content;

        public Seal(string folder, string file)
        {
            path = Path.Combine(folder, CheckpointFolder.InfoFile);
            content = File.ReadAllBytes(path);
            var info = CheckpointInfoFile.Read(path);
            var now = CheckpointFile.Of(Path.Combine(folder, Path.GetFileName(file)));
            CheckpointInfoFile.Write(path, info with { Files = [.. info.Files.Select(listed => listed.Name == now.Name ? now : listed)] });
        }

        public void Dispose() => File.WriteAllBytes(path, content);
    }
}
