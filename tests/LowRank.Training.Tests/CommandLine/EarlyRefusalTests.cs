using System.Text.Json;
using LowRank.Training.CommandLine;
using LowRank.Training.Files;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>What can be refused without the text is refused before it is prepared, and leaves nothing.</summary>
public sealed class EarlyRefusalTests(TrainedRuns runs) : IClassFixture<TrainedRuns>
{
    [Fact]
    public async Task A_run_with_other_options_is_not_gone_on_with()
    {
        var folder = Path.Combine(runs.Path, "resumed");
        var (code, _, error) = await App.Run(["train", "SmallTransformer", "--output", folder, .. runs.SixSteps]);
        Assert.True(code == 0, error);
        string[] again = ["train", "SmallTransformer", "--output", folder, .. runs.SixSteps];
        await AssertRefused("holds a run that has finished its 6 steps; choose another --output.", again);
        await AssertRefused("was another one: --beta1 was 0.9 and is now 0.5", [.. again, "--resume", "--beta1", "0.5"]);
        await AssertRefused("was another one: the variant was guided and is now lowrank", [.. again, "--resume", "--variant", "lowrank"]);
        await AssertRefused(
            $"'{folder}' holds no guides; train it with --variant lowrank.",
            [
                "train",
                "SmallTransformer",
                "--variant",
                "guided",
                "--from",
                folder,
                "--output",
                Path.Combine(runs.Path, "other"),
                .. runs.Text,
            ]
        );
    }

    [Fact]
    public async Task A_default_that_does_not_fit_the_model_is_said_to_be_one()
    {
        string[] train =
        [
            "train",
            "SmallTransformer",
            .. runs.SixSteps,
            "--output",
            Path.Combine(runs.Path, "galore"),
            "--optimizer",
            "galore",
        ];
        await AssertRefused("--galore-rank is 128 unless another one is given, which is larger than the smaller side of blocks.0.", train);
        await AssertRefused("; give --galore-rank of at most 64.", train);
        await AssertRefused("--galore-rank 65 is larger than the smaller side of blocks.0.", [.. train, "--galore-rank", "65"]);
        Assert.False(Directory.Exists(Path.Combine(runs.Path, "galore")));
    }

    [Fact]
    public async Task A_run_is_not_written_among_its_text()
    {
        var text = Directory.CreateDirectory(Path.Combine(runs.Path, "notes")).FullName;
        await File.WriteAllTextAsync(Path.Combine(text, "a.txt"), "A text.", TestContext.Current.CancellationToken);
        var link = Path.Combine(runs.Path, "link");
        Directory.CreateSymbolicLink(link, text);
        foreach (var (model, command) in new[] { ("SmallTransformer", "train"), ("Compared", "compare") })
        {
            string[] start = [command, model, "--steps", "2", "--text", text, "--output"];
            await AssertRefused($"--output '{text}' is the folder of text '{text}': the run's own files", [.. start, text]);
            foreach (var place in new[] { text, link })
            {
                var below = Path.Combine(place, "runs", "first");
                await AssertRefused($"--output '{below}' lies within the folder of text '{text}'", [.. start, below]);
            }
        }

        Assert.Equal([Path.Combine(text, "a.txt")], Directory.GetFileSystemEntries(text));
    }

    [Theory]
    [InlineData("a model in Hugging Face's form", "config.json", "model-00001-of-00002.safetensors")]
    [InlineData("adapters in PEFT's form", "adapter_config.json")]
    [InlineData("tokens", "tokens.json")]
    public async Task A_run_is_not_begun_among_what_is_read_as_a_whole(string what, params string[] files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(runs.Path, "taken-by-" + files[0])).FullName;
        foreach (var file in files)
            await File.WriteAllTextAsync(Path.Combine(folder, file), "{}", TestContext.Current.CancellationToken);
        await AssertRefused(
            $"--output '{folder}' holds {what} and no run; choose another --output.",
            ["train", "SmallTransformer", .. runs.SixSteps, "--output", folder]
        );
        Assert.Equal(files.Length, Directory.GetFileSystemEntries(folder).Length);
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_named_as_it_was_given()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a file system that nobody can write to, root included.");
        var experiment = Path.Combine(runs.Path, "experiment.json");
        await File.WriteAllTextAsync(
            experiment,
            """
            { "name": "e", "output": "/proc/x", "seeds": [1], "baseline": "a",
              "contenders": [{ "name": "a", "model": "SmallTransformer", "variant": "guided", "steps": 2 }] }
            """,
            TestContext.Current.CancellationToken
        );
        foreach (
            var command in new string[][]
            {
                ["train", "SmallTransformer", .. runs.SixSteps, "--output", "/proc/x"],
                ["compare", "Compared", .. runs.SixSteps, "--output", "/proc/x"],
                ["explore", "SmallTransformer", "--html", "/proc/x"],
                ["export", "no/run", "--to", "/proc/x"],
                ["import", "no/folder", "--model", "SmallTransformer", "--to", "/proc/x"],
                ["experiment", experiment],
            }
        )
        {
            var (code, _, error) = await App.Run(command);
            Assert.True(code == ExitCode.WrongInput, error);
            Assert.Contains("/proc/x", error, StringComparison.Ordinal);
            Assert.DoesNotContain(".tmp", error, StringComparison.Ordinal);
            Assert.DoesNotContain("/.lowrank-", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Only_names_of_an_instant_are_taken_out_of_messages()
    {
        var name = Guid.NewGuid().ToString("N");
        Assert.Equal(
            "Could not find a part of the path '/proc/x'.",
            TemporaryNames.RemoveFrom($"Could not find a part of the path '/proc/.lowrank-{name}.tmp/x/.lowrank-{name}.tmp'.")
        );
        Assert.Equal(
            "No space left on device : '/a/b.json'",
            TemporaryNames.RemoveFrom($"No space left on device : '/a/b.json.{name}.tmp'")
        );
        Assert.Equal("'/a/b.tmp' and 'lowrank-1.tmp'", TemporaryNames.RemoveFrom("'/a/b.tmp' and 'lowrank-1.tmp'"));
    }

    [Fact]
    public async Task A_report_of_nothing_is_refused()
    {
        var (output, file) = (Path.Combine(runs.Path, "none"), Path.Combine(runs.Path, "none.json"));
        await File.WriteAllTextAsync(
            file,
            $$"""
            { "name": "e", "output": {{JsonSerializer.Serialize(output)}}, "seeds": [1], "baseline": "a",
              "contenders": [{ "name": "a", "model": "SmallTransformer", "variant": "guided", "steps": 2 }] }
            """,
            TestContext.Current.CancellationToken
        );
        await AssertRefused(
            $"No run of {file} has ended in '{output}', so there is nothing to report; leave --render out to make them.",
            ["experiment", file, "--render"]
        );
        Assert.False(Directory.Exists(output));
    }

    [Fact]
    public async Task Two_runs_of_one_second_get_a_folder_each()
    {
        var (first, second) = (await Started(), await Started());
        Assert.NotEqual(first.Folder, second.Folder);
        first.Held!.Dispose();
        second.Held!.Dispose();
        Assert.False(Directory.Exists(second.Folder));

        static Task<(RunLock? Held, string Folder)> Started()
        {
            // Both have chosen before either takes it.
            var options = Loop.TrainingText.Options("runs/Chosen/2020-01-01-000000");
            using var error = new StringWriter();
            var app = new AppSession(new AppConsole(error, error, TextReader.Null), new AppDefaults(), [], new StopSignals(error, default));
            var held = RunFolder.Reserve(app, "Chosen", isChosen: true, ref options);
            return Task.FromResult((held, options.Output!));
        }
    }

    private static async Task AssertRefused(string sentence, string[] command)
    {
        var (code, _, error) = await App.Run(command);
        Assert.True(code == ExitCode.WrongInput, error);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.DoesNotContain("Text:", error, StringComparison.Ordinal);
    }
}
