using System.Globalization;
using System.Text.Json;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training.Checkpoints;
using LowRank.Training.CommandLine;
using LowRank.Training.FineTuning;
using LowRank.Training.Runs;
using LowRank.Training.SafeTensors;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.FineTuning;

/// <summary>A model is trained, and trained on in every way.</summary>
public sealed class FineTuneCommandTests : IDisposable
{
    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("full")]
    [InlineData("galore", "--galore-rank", "4", "--galore-gap", "2")]
    [InlineData("lora", "--rank", "4", "--alpha", "8", "--dropout", "0.2", "--rslora")]
    [InlineData("lowrank", "--energy", "0.6", "--guide", "sampled", "--projections", "query,up,down")]
    public async Task A_run_that_is_stopped_and_resumed_is_the_uninterrupted_one_bit_for_bit(string method, params string[] options)
    {
        var from = await Base();
        string[] arguments = ["finetune", from, "--method", method, .. options, .. Steps(6), "--checkpoint-every", "1"];
        var whole = await App([.. arguments, "--output", folder.Under("whole"), "--json", "--also", folder.Text]);
        Assert.True(whole.Code == 0, whole.Error);
        Assert.Contains($"Method {method}: ", whole.Error, StringComparison.Ordinal);
        using (var document = JsonDocument.Parse(whole.Output))
        {
            var text = document.RootElement.GetProperty("text");
            var (before, after) = (text.GetProperty("perplexityBefore").GetDouble(), text.GetProperty("perplexityAfter").GetDouble());
            // Six steps of adapters beside a frozen head that has hardly learned yet move the model, and no more can be asked of them.
            Assert.True(method == "lora" ? after != before : after < before, $"{before} → {after}");
            Assert.True(document.RootElement.GetProperty("also").GetProperty("perplexityAfter").GetDouble() > 1);
            Assert.True(document.RootElement.GetProperty("peakMemoryBytes").GetInt64() > 0);
        }

        var parts = folder.Under("parts");
        using (var stop = new CancellationTokenSource())
        {
            using var error = new StoppingWriter("step 1/6", stop);
            var stopped = await App([.. arguments, "--output", parts], error, stop.Token);
            Assert.True(stopped.Code == 130, error.ToString());
        }

        var resumed = await App([.. arguments, "--output", parts, "--resume"]);
        Assert.True(resumed.Code == 0, resumed.Error);
        var (expected, actual) = (Checkpoint.Open(folder.Under("whole")), Checkpoint.Open(parts));
        foreach (var file in new[] { Checkpoint.ModelFile, Checkpoint.OptimizerFile })
            Assert.True(
                File.ReadAllBytes(Path.Combine(expected.Folder, file))
                    .AsSpan()
                    .SequenceEqual(File.ReadAllBytes(Path.Combine(actual.Folder, file))),
                file
            );
        Assert.Equal(expected.Info.Totals.Flops, actual.Info.Totals.Flops);

        foreach (
            var command in new string[][]
            {
                ["evaluate", parts, "--text", folder.Text, "--cache", folder.Under("cache"), "--sequences", "2"],
                ["generate", parts, "--prompt", "The", "--tokens", "3"],
                ["export", parts, "--to", folder.Under("exported")],
            }
        )
        {
            var ran = await App(command);
            Assert.True(ran.Code == 0, ran.Error);
        }

        if (method != "lora")
            return;
        Assert.Contains("[lora] step 6/6", whole.Error, StringComparison.Ordinal);
        // Beside the base, the adapters alone give the tuned model's text and are a fraction of its size.
        var tuned = await App(["generate", parts, "--prompt", "The", "--tokens", "9", "--seed", "1"]);
        var again = await App([
            "generate",
            from,
            "--adapter",
            Path.Combine(parts, "adapter"),
            "--prompt",
            "The",
            "--tokens",
            "9",
            "--seed",
            "1",
        ]);
        Assert.Equal(tuned.Output, again.Output);
        Assert.True(again.Code == 0, again.Error);
        // No second adapters beside the first: they are merged by export and import, as the message says.
        string[] further = ["--method", "lora", "--rank", "2", .. Steps(1), "--output", folder.Under("further")];
        var refused = await App(["finetune", parts, .. further]);
        Assert.True(refused.Code == 2, refused.Error);
        Assert.Contains("('export', then 'import')", refused.Error, StringComparison.Ordinal);
        var imported = await App(["import", folder.Under("exported"), "--model", "Plain", "--to", folder.Under("merged")]);
        Assert.True(imported.Code == 0, imported.Error);
        var once = await App(["finetune", folder.Under("merged"), .. further]);
        Assert.True(once.Code == 0, once.Error);
    }

    [Fact]
    public async Task A_run_that_is_resumed_with_another_option_of_its_method_is_told_which()
    {
        string[] finetune = ["finetune", await Base(), "--method", "lora", .. Steps(1), "--output", folder.Under("tuned")];
        var first = await App([.. finetune, "--rank", "2"]);
        Assert.True(first.Code == 0, first.Error);
        var (code, _, error) = await App([.. finetune, "--rank", "3", "--alpha", "4", "--resume"]);
        Assert.Equal(2, code);
        Assert.Contains(
            "was another one: --rank was 2 and is now 3; --alpha was 16 and is now 4. Resume it",
            error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Factors_lose_the_tail_of_the_spectrum_and_the_guide_keeps_what_the_model_computes()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = new Plain(new ModelOptions { Seed = 3, DataType = ScalarType.Float64 });
        var weights = model.named_parameters().ToDictionary(named => named.name, named => named.parameter.detach().clone());
        var tokens = arange(20, ScalarType.Int64).view(1, 20);
        var before = model.forward(tokens);
        var options = new FineTuningOptions { Method = FineTuningMethod.LowRank, Rank = 7 };
        FineTuner.Plan(model, options).ApplyTo(model, options);
        Assert.Equal(2 * 7, model.FactoredLinears.Count());
        var fused = weights["blocks.1.attention.query_key_value.weight"];
        foreach (var (name, module) in model.named_modules())
        {
            if (module is not LowRankLinear layer)
                continue;
            var full = name switch
            {
                "blocks.1.attention.query_key_value.query" => fused.narrow(0, 0, 32),
                "blocks.1.attention.query_key_value.key" => fused.narrow(0, 32, 32),
                "blocks.1.attention.query_key_value.value" => fused.narrow(0, 64, 32),
                _ => weights.GetValueOrDefault($"{name}.weight"),
            };
            if (full is null)
                continue; // A part of the other block's fused product.
            var tail = linalg.svdvals(full).square().narrow(0, 7, 25).sum().item<double>();
            Assert.Equal(tail, (full - layer.U.mm(layer.V)).square().sum().item<double>(), 1e-9 * tail);
            Assert.True(allclose(full, layer.Guide!, 0, 0));
            // Balanced: both factors have the singular values' roots.
            Assert.Equal(layer.U.norm().item<double>(), layer.V.norm().item<double>(), 1e-9);
        }

        using (var first = model.BeginStep(0, 10))
        {
            Assert.Equal(1, first.Alpha);
            Assert.True(allclose(before, model.forward(tokens), 1e-10, 1e-10));
            first.Skip();
        }

        using var later = model.BeginStep(5, 10);
        Assert.False(model.HasGuide);
        Assert.False(allclose(before, model.forward(tokens), 1e-6, 1e-6));
    }

    [Fact]
    public async Task What_does_not_fit_is_said_in_a_sentence()
    {
        var from = await Base();
        foreach (
            var (arguments, sentence) in new (string[], string)[]
            {
                (["finetune", folder.Under("nowhere"), "--method", "full"], "There is no checkpoint in"),
                (["finetune", from, "--method", "adapter"], "There is no method 'adapter'; use one of full, lora, lowrank, galore."),
                (["finetune", from, "--method", "lora", "--energy", "0.5"], "--energy means nothing for the method lora"),
                (["finetune", from, "--method", "full", "--rank", "4"], "--rank means nothing for the method full"),
                (["finetune", from, "--method", "lowrank"], "takes one of --rank, --ratio and --energy"),
                (["finetune", from, "--method", "lowrank", "--rank", "4", "--ratio", "0.5"], "takes one of --rank, --ratio and --energy"),
                (["finetune", from, "--method", "lora", "--projections", "sideways"], "not 'sideways'"),
                (
                    ["finetune", from, "--method", "lora", "--rank", "33", .. Steps(1)],
                    "Rank 33 is above 32, the smaller side of blocks.0.attention.query_key_value.query (32 → 32)"
                ),
                (["finetune", from, "--method", "lora", .. Steps(1), "--also", folder.Under("missing")], "There is no file or folder"),
            }
        )
        {
            var ran = await App([.. arguments, "--output", folder.Under("wrong")]);
            Assert.Equal(2, ran.Code);
            Assert.Contains(sentence, ran.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Declared_adapters_are_trained_beside_a_trained_model()
    {
        var dense = folder.Under("dense");
        var without = await App(["train", "Adapted", "--variant", "lora", "--output", folder.Under("none"), .. Steps(2)]);
        Assert.Equal(2, without.Code);
        Assert.Contains("--from", without.Error, StringComparison.Ordinal);
        var trained = await App(["train", "Adapted", "--variant", "lowrank", "--output", dense, .. Steps(3)]);
        Assert.True(trained.Code == 0, trained.Error);
        var tuned = await App(["train", "Adapted", "--from", dense, "--output", folder.Under("tuned"), .. Steps(3)]);
        Assert.True(tuned.Code == 0, tuned.Error);
        var (before, after) = (SafeTensorsOf(dense), SafeTensorsOf(folder.Under("tuned")));
        Assert.All(before, pair => Assert.True(pair.Value.SequenceEqual(after[pair.Key]), pair.Key));
        Assert.Contains(after.Keys.Except(before.Keys), name => name == "blocks.1.attention.query_key_value.query_lora.b");
        Assert.Contains("[lora] step 3/3", tuned.Error, StringComparison.Ordinal);
        // As fine-tuning does, it leaves the adapters by themselves.
        string[] prompt = ["--prompt", "The", "--tokens", "9", "--seed", "1"];
        var whole = await App(["generate", folder.Under("tuned"), .. prompt]);
        var beside = await App(["generate", dense, "--adapter", Path.Combine(folder.Under("tuned"), "adapter"), .. prompt]);
        Assert.True(beside.Code == 0, beside.Error);
        Assert.Equal(whole.Output, beside.Output);
        var evaluated = await App([
            "evaluate",
            folder.Under("tuned"),
            "--text",
            folder.Text,
            "--cache",
            folder.Under("cache"),
            "--sequences",
            "2",
        ]);
        Assert.Contains("Adapted, adapters", evaluated.Output, StringComparison.Ordinal);
        var info = Checkpoint.Open(folder.Under("tuned")).Info;
        Assert.Equal(3m * Adapted.Cost.Lora.TrainingFlopsPerToken * 4 * 32, info.Totals.Flops);
    }

    private static Dictionary<string, byte[]> SafeTensorsOf(string run)
    {
        var path = Path.Combine(Checkpoint.Open(run).Folder, Checkpoint.ModelFile);
        return SafeTensorsFile
            .ReadHeader(path)
            .ToDictionary(
                entry => entry.Key,
                entry =>
                {
                    using var tensor = SafeTensorsFile.Read(path, entry.Value);
                    return tensor.bytes.ToArray();
                }
            );
    }

    [Theory]
    [InlineData("The run reads ", "Stopped before there was a result.\n", false)]
    [InlineData("final", "Stopped while the tuned model was measured; it is whole, in ", true)]
    public async Task Measuring_before_and_after_ends_when_it_is_asked_to(string trigger, string says, bool isTrained)
    {
        var (from, tuned) = (await Base(), folder.Under("tuned"));
        using var stop = new CancellationTokenSource();
        using var error = new StoppingWriter(trigger, stop);
        var stopped = await App(["finetune", from, "--method", "full", .. Steps(2), "--output", tuned], error, stop.Token);
        Assert.Equal((ExitCode.Interrupted, stopped.Error), (stopped.Code, stopped.Error));
        Assert.Contains(says, stopped.Error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(tuned, "checkpoints")) == isTrained, stopped.Error);
    }

    private async Task<string> Base()
    {
        var path = folder.Under("base");
        var trained = await App(["train", "Plain", "--output", path, .. Steps(4)]);
        Assert.True(trained.Code == 0, trained.Error);
        return path;
    }

    private string[] Steps(int steps) =>
        [
            "--steps",
            steps.ToString(CultureInfo.InvariantCulture),
            "--batch",
            "4",
            "--micro-batch",
            "2",
            "--evaluate-every",
            "3",
            "--evaluation-sequences",
            "2",
            "--learning-rate",
            "0.005",
            "--text",
            folder.Text,
            "--cache",
            folder.Under("cache"),
        ];

    private static async Task<(int Code, string Output, string Error)> App(
        string[] arguments,
        TextWriter? error = null,
        CancellationToken stop = default
    )
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        error ??= new StringWriter(CultureInfo.InvariantCulture);
        var code = await LowRankApp.RunAsync(arguments, null, output, error, stop: stop);
        return (code, output.ToString(), error.ToString()!);
    }
}
