using System.Text.Json;
using LowRank.Training.CommandLine;
using LowRank.Training.Tests.Reporting;
using LowRank.Training.Wording;

namespace LowRank.Training.Tests.CommandLine;

public sealed class TrainCommandTests(TrainedRuns runs) : IClassFixture<TrainedRuns>
{
    [Fact]
    public async Task A_trained_run_is_evaluated_and_continued_as_text()
    {
        var folder = Path.Combine(runs.Path, "trained");
        var (code, output, error) = await App.Run(["train", "smalltransformer", "--output", folder, .. runs.SixSteps]);
        Assert.True(code == 0, error);
        Assert.Contains("guided low rank", output, StringComparison.Ordinal);
        Assert.Contains($"generate {folder}", output, StringComparison.Ordinal);
        Assert.Contains("[guided] step 6/6  loss ", error, StringComparison.Ordinal);
        Assert.Contains("the guide is gone, 98,304 parameters freed", error, StringComparison.Ordinal);
        foreach (var name in new[] { "results.json", "metrics.jsonl", "loss-over-flops.png", "loss-over-time.svg" })
            Assert.True(File.Exists(Path.Combine(folder, name)), name);

        (code, output, error) = await App.Run(["evaluate", folder, "--json", .. runs.Text]);
        Assert.True(code == 0, error);
        using var document = JsonDocument.Parse(output);
        Assert.Equal(6, document.RootElement.GetProperty("step").GetInt32());
        Assert.Equal("guided", document.RootElement.GetProperty("variant").GetString());
        using var results = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "results.json")));
        Assert.Equal(
            results.RootElement.GetProperty("runs")[0].GetProperty("validationLoss").GetDouble(),
            document.RootElement.GetProperty("loss").GetDouble(),
            1e-5
        );
        Assert.DoesNotContain("Note:", error, StringComparison.Ordinal);

        string[] generate = ["generate", folder, "--prompt", "The model", "--tokens", "20", "--seed", "4"];
        (code, output, error) = await App.Run(generate);
        Assert.True(code == 0, error);
        Assert.Matches("^[0-9]+ prompt tokens, [0-9.]+ per second; [0-9]+ further tokens, [0-9.]+ per second\\s*$", error);
        Assert.StartsWith("The model", output, StringComparison.Ordinal);
        Assert.True(output.Length > "The model".Length + 10, output);
        Assert.Equal(output, (await App.Run(generate)).Output);
        Assert.Equal(
            output,
            (await App.Run(["generate", folder, "--prompt", "-", "--tokens", "20", "--seed", "4"], input: "The model")).Output
        );
        await SeveralPromptsAreContinuedAsEachAlone(folder, output);
        await WhatIsCutIsSaid(folder);
        await TasksAreEvaluatedInThePlaceOfAText(folder);

        (code, _, error) = await App.Run(["train", "SmallTransformer", "--output", folder, .. runs.SixSteps]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains("holds a run that has finished its 6 steps; choose another --output.", error, StringComparison.Ordinal);
    }

    private async Task TasksAreEvaluatedInThePlaceOfAText(string folder)
    {
        var task = Path.Combine(runs.Path, "task.jsonl");
        File.WriteAllText(
            task,
            """
            {"context": "The", "choices": ["model", "text"], "answer": 0}
            {"context": "A", "choices": ["layer", "step"], "answer": "step"}

            """
        );
        var (code, output, error) = await App.Run(["evaluate", folder, "--task", task, "--json"]);
        Assert.True(code == 0, error);
        using var document = JsonDocument.Parse(output);
        var result = Assert.Single(document.RootElement.GetProperty("tasks").EnumerateArray());
        Assert.Equal(2, result.GetProperty("questions").GetInt32());
        Assert.Contains(result.GetProperty("accuracy").GetDouble(), new[] { 0, 0.5, 1 });
        foreach (var text in new[] { "--text", "--conversations" })
        {
            (code, _, error) = await App.Run(["evaluate", folder, "--task", task, text, task]);
            Assert.Equal(ExitCode.WrongInput, code);
            Assert.Contains(
                $"{text} says what text is evaluated, and --task evaluates tasks; leave one of them out.",
                error,
                StringComparison.Ordinal
            );
        }
    }

    private async Task WhatIsCutIsSaid(string folder)
    {
        var prompt = string.Join(' ', Enumerable.Repeat("word", 100));
        var (code, output, error) = await App.Run(["generate", folder, "--prompt", prompt, "--tokens", "1", "--json"]);
        Assert.True(code == 0, error);
        Assert.Matches("^Note: the prompt has [0-9]+ tokens, and the model's context 64; only the last 64 are read\\.", error);
        using (var document = JsonDocument.Parse(output))
            Assert.Equal(64, document.RootElement.GetProperty("promptTokens").GetInt32());
        (_, _, error) = await App.Run(["generate", folder, "--prompt", "The", "--tokens", "70", "--top-k", "1000"]);
        Assert.Contains(
            "Note: where prompt and text outgrow the context of 64 tokens, the text goes on from its last 32 alone.",
            error,
            StringComparison.Ordinal
        );
        Assert.Contains("Note: --top-k 1000 is more than the 512 tokens that there are", error, StringComparison.Ordinal);

        (code, output, error) = await App.Run(["evaluate", folder, "--json", "--sequences", "1000000", .. runs.Text]);
        Assert.True(code == 0, error);
        Assert.Matches(
            "Note: --sequences 1000000 is more than the [0-9,]+ of 32 tokens that the validation text has; all of them are read\\.",
            error
        );
        JsonDocument.Parse(output).Dispose();
    }

    [Fact]
    public async Task Evaluations_and_steps_that_want_more_sequences_than_the_text_has_are_said()
    {
        var folder = Path.Combine(runs.Path, "short");
        using var stop = new CancellationTokenSource();
        using var error = new CancelingWriter("Note: a step reads", stop);
        var (_, _, said) = await App.Run(
            [
                "train",
                "SmallTransformer",
                "--output",
                folder,
                "--steps",
                "1",
                "--batch",
                "1000000",
                "--micro-batch",
                "1",
                "--evaluation-sequences",
                "1000000",
                .. runs.Text,
            ],
            error: error,
            stop: stop.Token
        );
        Assert.Matches(
            "Note: a step reads 1,000,000 sequences, and the training text has [0-9,]+ of 64 tokens; some are read more than once in a step\\.",
            said
        );
        Assert.Matches("Note: --evaluation-sequences 1000000 is more than the [0-9,]+ sequences of 64 tokens", said);
    }

    // Trained with a guide and factors, so that merged weights differ from what is saved.
    private async Task SeveralPromptsAreContinuedAsEachAlone(string folder, string first)
    {
        string[] options = ["--tokens", "20", "--seed", "4"];
        var second = (await App.Run(["generate", folder, "--prompt", "A", .. options])).Output;
        var list = Path.Combine(runs.Path, "prompts.txt");
        File.WriteAllText(list, "\nA\n");
        var both = await App.Run(["generate", folder, "--prompt", "The model", "--prompts", list, .. options]);
        Assert.Equal(first + Environment.NewLine + second, both.Output);

        var (code, output, error) = await App.Run([
            "generate",
            folder,
            "--json",
            "--weights",
            "factored",
            "--prompt",
            "The model",
            "--prompt",
            "A",
            .. options,
        ]);
        Assert.True(code == 0, error);
        using var document = JsonDocument.Parse(output);
        var texts = document
            .RootElement.GetProperty("texts")
            .EnumerateArray()
            .Select(text => text.GetProperty("prompt").GetString() + text.GetProperty("continuation").GetString() + Environment.NewLine);
        Assert.Equal([first, second], texts);
        Assert.True(document.RootElement.GetProperty("furtherTokensPerSecond").GetDouble() > 0);

        // Greedy, since another form of the weights rounds otherwise.
        string[] greedy = ["generate", folder, "--prompt", "The", "--tokens", "10", "--temperature", "0"];
        Assert.Equal((await App.Run(greedy)).Output, (await App.Run([.. greedy, "--weights", "merged"])).Output);
    }

    [Fact]
    public async Task A_stopped_run_says_how_to_go_on_and_its_log_has_every_step_once()
    {
        var folder = Path.Combine(runs.Path, "stopped");
        using var stop = new CancellationTokenSource();
        using var error = new CancelingWriter("step 1/6", stop);
        string[] arguments = ["train", "SmallTransformer", "--output", folder, .. runs.SixSteps];
        var (code, output, said) = await App.Run(arguments, error: error, stop: stop.Token);
        Assert.Equal((ExitCode.Interrupted, ""), (code, output));
        var lines = said.TrimEnd().Split('\n');
        Assert.StartsWith("Stopped after step 1 of 6; it is saved in ", lines[^2], StringComparison.Ordinal);
        Assert.EndsWith($"--output {folder} --resume", lines[^1], StringComparison.Ordinal);
        Assert.Contains(" train SmallTransformer --steps 6 ", lines[^1], StringComparison.Ordinal);

        (code, _, said) = await App.Run([.. arguments, "--resume"]);
        Assert.True(code == 0, said);
        Assert.Contains("goes on after step 1 of 6", said, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, 6), MetricsLines.Steps(Path.Combine(folder, "metrics.jsonl"), "step"));
        Assert.Equal([0, 3, 6], MetricsLines.Steps(Path.Combine(folder, "metrics.jsonl"), "validation"));
    }

    [Fact]
    public async Task A_comparison_writes_its_report_and_prints_nothing_but_the_document()
    {
        var folder = Path.Combine(runs.Path, "compared");
        var (code, output, error) = await App.Run(["compare", "Compared", "--json", "--output", folder, .. runs.SixSteps]);
        Assert.True(code == 0, error);
        using var document = JsonDocument.Parse(output);
        var results = document.RootElement.GetProperty("runs").EnumerateArray().ToArray();
        Assert.Equal(["dense", "lowrank", "guided"], results.Select(run => run.GetProperty("variant").GetString()));
        Assert.Equal(
            document.RootElement.GetRawText(),
            JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "results.json"))).RootElement.GetRawText()
        );
        Assert.Contains("data:image/svg+xml;base64,", File.ReadAllText(Path.Combine(folder, "report.html")), StringComparison.Ordinal);
        foreach (var variant in new[] { "dense", "lowrank", "guided" })
            Assert.Equal(Enumerable.Range(1, 6), MetricsLines.Steps(Path.Combine(folder, variant, "metrics.jsonl"), "step"));

        // Gone on with at its end, it is reported again and trains nothing.
        var log = File.ReadAllText(Path.Combine(folder, "guided", "metrics.jsonl"));
        (code, output, error) = await App.Run(["compare", "Compared", "--json", "--resume", "--output", folder, .. runs.SixSteps]);
        Assert.True(code == 0, error);
        using var repeated = JsonDocument.Parse(output);
        Assert.Equal(
            results.Select(run => run.GetProperty("validationLoss").GetDouble()),
            repeated.RootElement.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("validationLoss").GetDouble())
        );
        Assert.Equal(log, File.ReadAllText(Path.Combine(folder, "guided", "metrics.jsonl")));

        (code, output, error) = await App.Run(["evaluate", folder]);
        Assert.Equal((ExitCode.WrongInput, ""), (code, output));
        Assert.Contains("holds the runs of a comparison; give one of ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dense_model_of_equal_flops_is_compared_where_it_is_asked_for_and_named_where_it_is_not()
    {
        var folder = Path.Combine(runs.Path, "matched");
        var (code, output, error) = await App.Run([
            "compare",
            "Matched",
            "--variants",
            "lowrank,flop-matched",
            "--output",
            folder,
            .. runs.SixSteps,
        ]);
        Assert.True(code == 0, error);
        Assert.DoesNotContain("was left out", error, StringComparison.Ordinal);
        using var results = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "results.json")));
        var trained = results.RootElement.GetProperty("runs").EnumerateArray().ToArray();
        Assert.Equal(["flop-matched", "lowrank"], trained.Select(run => run.GetProperty("variant").GetString()));
        Assert.Equal(Enumerable.Range(1, 6), MetricsLines.Steps(Path.Combine(folder, "flop-matched", "metrics.jsonl"), "step"));
        var sentence =
            $"Validation perplexity at equal forward FLOPs per token: FLOP-matched dense {Perplexity(trained[0])}, low rank {Perplexity(trained[1])} (";
        Assert.Contains(sentence, output, StringComparison.Ordinal);
        Assert.Contains(sentence, File.ReadAllText(Path.Combine(folder, "report.html")), StringComparison.Ordinal);

        folder = Path.Combine(runs.Path, "unmatched");
        (code, output, error) = await App.Run(["compare", "Matched", "--output", folder, .. runs.SixSteps]);
        Assert.True(code == 0, error);
        Assert.DoesNotContain("at equal forward FLOPs", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder, "flop-matched")));
        Assert.Contains(
            "Note: Matched.FlopMatched, the dense model of as many forward FLOPs per token, was left out; --variants dense,flop-matched,lowrank,guided trains it, too.",
            error,
            StringComparison.Ordinal
        );

        static string Perplexity(JsonElement run) => Quantity.Perplexity(run.GetProperty("validationPerplexity").GetDouble());
    }
}
