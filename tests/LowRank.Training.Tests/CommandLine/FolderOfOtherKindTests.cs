using System.Text.Json;
using LowRank.Training.CommandLine;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>Runs, comparisons and experiments write results of the same names: none goes into a folder of another kind.</summary>
public sealed class FolderOfOtherKindTests(TrainedRuns runs) : IClassFixture<TrainedRuns>
{
    [Fact]
    public async Task Each_is_refused_where_another_kind_has_been()
    {
        var (run, comparison) = (Path.Combine(runs.Path, "run"), Path.Combine(runs.Path, "comparison"));
        string[] train = ["train", "SmallTransformer", .. runs.SixSteps, "--output"];
        string[] compare = ["compare", "Compared", "--variants", "dense", .. runs.SixSteps, "--output"];
        foreach (var command in new string[][] { [.. train, run], [.. compare, comparison] })
        {
            var (code, _, error) = await App.Run(command);
            Assert.True(code == 0, error);
        }

        await AssertRefused(run, $"--output '{run}' holds a run, whose results would be overwritten; ", [.. compare, run]);
        await AssertRefused(
            comparison,
            $"--output '{comparison}' holds a comparison, whose results would be overwritten; ",
            [.. train, comparison]
        );
        foreach (var taken in new[] { run, comparison })
        {
            var file = Path.Combine(runs.Path, Path.GetFileName(taken) + ".json");
            File.WriteAllText(
                file,
                $$"""
                {
                  "name": "other", "output": {{JsonSerializer.Serialize(taken)}}, "seeds": [1], "common": { "steps": 1, "context": 32 },
                  "contenders": [{ "name": "small", "model": "SmallTransformer", "variant": "lowrank", "learningRate": 1e-3 }],
                  "baseline": "small"
                }
                """
            );
            await AssertRefused(taken, $"{file}: output '{taken}' holds a run or a comparison (", ["experiment", file]);
        }
    }

    private static async Task AssertRefused(string folder, string sentence, string[] command)
    {
        var before = Files(folder);
        var (code, _, error) = await App.Run(command);
        Assert.True(code == ExitCode.WrongInput, error);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Equal(before, Files(folder));
    }

    private static List<(string, DateTime)> Files(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(file => (file, File.GetLastWriteTimeUtc(file)))
                .OrderBy(file => file.file, StringComparer.Ordinal),
        ];
}
