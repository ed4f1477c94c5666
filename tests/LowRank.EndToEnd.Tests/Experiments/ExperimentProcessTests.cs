using System.Text.Json;
using LowRank.EndToEnd.Tests.Processes;

namespace LowRank.EndToEnd.Tests.Experiments;

public sealed class ExperimentProcessTests
{
    private const string Experiment = """
        {
          "name": "short",
          "output": "OUT",
          "seeds": [1],
          "common": {
            "steps": 16, "sequencesPerStep": 2, "context": 32, "checkpointEvery": 1, "evaluateEvery": 8,
            "evaluationSequences": 8, "finalEvaluationSequences": 8, "text": ["text"], "cache": "cache"
          },
          "contenders": [
            { "name": "hot", "model": "PaperXs", "variant": "lowrank", "learningRate": 1e30, "weightDecay": 0, "clipNorm": 1e30, "steps": 3 },
            { "name": "guided", "model": "PaperXs", "learningRate": [1e-3, 4e-3] }
          ],
          "baseline": "guided",
          "sweep": { "steps": 4 }
        }
        """;

    [Fact]
    public void A_killed_experiment_goes_on_to_the_store_of_an_undisturbed_one_and_a_failed_run_ends_nothing()
    {
        using var folder = new WorkFolder();
        var (file, other) = (Write(folder, "whole"), Write(folder, "killed"));
        var whole = ExampleProcess.Run(folder.Path, "experiment", file, "--parallel", "2");
        Assert.True(whole.ExitCode == 1, whole.Error);
        Assert.DoesNotContain("told to stop", whole.Error, StringComparison.Ordinal);
        Assert.Contains("Step 2 diverged", File.ReadAllText(folder.Under("whole/results/hot.seed-1.json")), StringComparison.Ordinal);
        Assert.Contains("1 of 4 runs failed; --retry runs them again:", whole.Error, StringComparison.Ordinal);
        Assert.Contains("  hot/seed-1: exit code 1: Step 2 diverged: loss NaN", whole.Error, StringComparison.Ordinal);
        // Stores of several machines merge: none of their paths is in them.
        Assert.DoesNotContain(folder.Path, File.ReadAllText(folder.Under("whole/results/hot.seed-1.json")), StringComparison.Ordinal);

        // In a sweep, and in the middle of a run that is compared.
        foreach (var moment in new[] { "guided/sweep-0.001-seed-1: [guided] step 1/", "guided/rate-0.004-seed-1: [guided] step 8: " })
        {
            using var process = ExampleProcess.Start(folder.Path, "experiment", other, "--parallel", "2");
            Assert.True(process.WaitForError(moment), process.Error);
            if (moment.StartsWith("guided/rate", StringComparison.Ordinal))
                Assert.True(
                    SpinWait.SpinUntil(() => File.Exists(folder.Under("killed/results/hot.seed-1.json")), TimeSpan.FromMinutes(1)),
                    process.Error
                );
            process.Kill();
        }

        var last = ExampleProcess.Run(folder.Path, "experiment", other, "--parallel", "2");
        Assert.True(last.ExitCode == 1, last.Error);
        Assert.DoesNotContain("hot/seed-1: 3 steps", last.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("sweep-0.001-seed-1:", last.Error, StringComparison.Ordinal);
        Assert.Equal(Losses(folder.Under("whole")), Losses(folder.Under("killed")));

        var again = ExampleProcess.Run(folder.Path, "experiment", other, "--retry");
        Assert.Contains("hot/seed-1: 3 steps at learning rate 1E+30.", again.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("guided/", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_run_would_not_find_is_refused_before_the_first_run_and_in_the_outlook()
    {
        using var folder = new WorkFolder();
        File.WriteAllText(
            folder.Under("missing.json"),
            """
            {
              "name": "missing", "output": "missing", "seeds": [1], "common": { "steps": 2, "context": 32, "cache": "cache" },
              "contenders": [
                { "name": "fine", "model": "PaperXs", "variant": "dense", "text": ["text"] },
                { "name": "textless", "model": "PaperXs", "variant": "dense", "text": ["txet"], "also": ["nowhere"] },
                { "name": "wordless", "model": "PaperXs", "variant": "dense", "text": ["text"], "tokenizer": "gone.json" },
                { "name": "elsewhere", "model": "PaperXs", "variant": "dense", "text": ["text"], "device": "cuda:77" },
                { "name": "weightless", "model": "PaperXs", "variant": "dense", "text": ["text"], "from": "runs/none" },
                { "name": "speechless", "model": "PaperXs", "variant": "dense", "tokenizer": "gone.json", "conversations": ["chats.csv"] },
                { "name": "formless", "model": "PaperXs", "variant": "dense", "from": "runs/none", "conversations": ["text"], "chatTemplate": "a.jinja" },
                { "name": "later", "model": "PaperXs", "variant": "dense", "text": ["text"], "from": "missing/runs/fine/seed-1" }
              ],
              "baseline": "fine"
            }
            """
        );
        foreach (var arguments in new string[][] { [], ["--dry-run"] })
        {
            var (exitCode, output, error) = ExampleProcess.Run(folder.Path, ["experiment", "missing.json", .. arguments]);
            Assert.Equal(2, exitCode);
            Assert.Contains("missing.json: contender 'textless': ", error, StringComparison.Ordinal);
            foreach (var name in new[] { "txet", "nowhere", "gone.json" })
                Assert.Contains(name, error, StringComparison.Ordinal);
            Assert.Contains("missing.json: contender 'elsewhere': Device 'cuda:77' was asked for", error, StringComparison.Ordinal);
            Assert.Contains("missing.json: contender 'weightless': There is no checkpoint in", error, StringComparison.Ordinal);
            Assert.Contains("missing.json: contender 'speechless': ", error, StringComparison.Ordinal);
            Assert.Contains("missing.json: contender 'formless': No file of conversations was found in", error, StringComparison.Ordinal);
            Assert.Contains("chats.csv", error, StringComparison.Ordinal);
            Assert.Contains("No run was started.", error, StringComparison.Ordinal);
            Assert.DoesNotContain("'fine'", error, StringComparison.Ordinal);
            Assert.DoesNotContain("'later'", error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(folder.Under("missing")));
            Assert.Equal(arguments.Length > 0, output.Contains("fine/seed-1: 2 steps", StringComparison.Ordinal));
        }

        var others = ExampleProcess.Run(folder.Path, "experiment", "missing.json", "--dry-run", "--only", "fine");
        Assert.True(others.ExitCode == 0, others.Error);
    }

    [Fact]
    public void A_signal_lets_the_run_save_and_says_how_to_go_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        using var folder = new WorkFolder();
        var file = Write(folder, "stopped");
        using var process = ExampleProcess.Start(folder.Path, "experiment", file, "--only", "guided", "--parallel", "2");
        Assert.True(process.WaitForError("guided/sweep-0.001-seed-1: [guided] step 0"), process.Error);
        UnixSignal.Send(process.Id, UnixSignal.Interrupt);
        Assert.Equal(130, process.WaitForExit());
        Assert.Contains("To go on:", process.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Under("stopped/results/guided.sweep-0.004-seed-1.json")));
        Assert.False(Directory.Exists(folder.Under("stopped/runs/hot")));
    }

    [Fact]
    public void Trained_weights_are_fine_tuned_and_measured_on_a_further_text()
    {
        using var folder = new WorkFolder();
        string[] small = ["--text", folder.Text, "--cache", folder.Under("cache"), "--steps", "2", "--batch", "2", "--context", "32"];
        var trained = ExampleProcess.Run(folder.Path, ["train", "PaperXs", "--variant", "dense", "--output", "base", .. small]);
        Assert.True(trained.ExitCode == 0, trained.Error);
        File.WriteAllText(
            folder.Under("tuned.json"),
            """
            {
              "name": "tuned", "output": "tuned", "seeds": [1],
              "common": {
                "steps": 2, "sequencesPerStep": 2, "context": 32, "evaluationSequences": 8, "finalEvaluationSequences": 8, "cache": "cache",
                "from": "base", "text": ["text"], "also": ["text"]
              },
              "contenders": [
                { "name": "full", "model": "PaperXs", "variant": "dense", "fineTuning": { "method": "full" } },
                { "name": "lora", "model": "PaperXs", "variant": "dense", "fineTuning": { "method": "lora", "rank": 2, "alpha": 4 } }
              ],
              "baseline": "full"
            }
            """
        );
        var tuned = ExampleProcess.Run(folder.Path, "experiment", "tuned.json", "--parallel", "2");
        Assert.True(tuned.ExitCode == 0, tuned.Error);
        var (full, lora) = (Stored("full"), Stored("lora"));
        Assert.Equal(Examples.Models.PaperXs.Dense.Cost.Parameters, full.GetProperty("trainedParameters").GetInt64());
        Assert.InRange(lora.GetProperty("trainedParameters").GetInt64(), 1, full.GetProperty("trainedParameters").GetInt64() / 10);
        // The further text is the same one here, so both losses are of the same sequences.
        Assert.Equal(full.GetProperty("result").GetProperty("validationLoss").GetDouble(), full.GetProperty("alsoLoss").GetDouble(), 6);

        File.WriteAllLines(
            folder.Under("chats.csv"),
            ["prompt,completion", .. Enumerable.Range(0, 20).Select(index => $"Say {index},\"Well, {index}.\"")]
        );
        File.WriteAllText(
            folder.Under("tuned.json"),
            File.ReadAllText(folder.Under("tuned.json"))
                .Replace("\"text\": [\"text\"]", "\"conversations\": [\"chats.csv\"], \"chatTemplate\": \"none\"", StringComparison.Ordinal)
                .Replace("\"tuned\"", "\"said\"", StringComparison.Ordinal)
        );
        var said = ExampleProcess.Run(folder.Path, "experiment", "tuned.json", "--only", "full");
        Assert.True(said.ExitCode == 0, said.Error);
        Assert.Contains("chats.csv: 20 conversations.", said.Error, StringComparison.Ordinal);
        Assert.NotEqual(full.GetProperty("dataFingerprint").GetString(), Stored("full", "said").GetProperty("dataFingerprint").GetString());

        JsonElement Stored(string contender, string experiment = "tuned") =>
            JsonDocument.Parse(File.ReadAllText(folder.Under($"{experiment}/results/{contender}.seed-1.json"))).RootElement;
    }

    private static string Write(WorkFolder folder, string output)
    {
        var path = folder.Under(output + ".json");
        File.WriteAllText(path, Experiment.Replace("OUT", output, StringComparison.Ordinal));
        return path;
    }

    // Every loss of every run, bit for bit.
    private static SortedDictionary<string, string> Losses(string output)
    {
        var losses = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.GetFiles(Path.Combine(output, "results")))
        {
            using var run = JsonDocument.Parse(File.ReadAllText(path));
            var result = run.RootElement.GetProperty("result");
            losses[Path.GetFileName(path)] =
                result.ValueKind == JsonValueKind.Null
                    ? "failed"
                    : string.Join(
                        " ",
                        result
                            .GetProperty("validation")
                            .EnumerateArray()
                            .Select(point => point.GetProperty("loss").GetRawText())
                            .Append(result.GetProperty("validationLoss").GetRawText())
                    );
        }

        Assert.Equal(4, losses.Count);
        return losses;
    }
}
