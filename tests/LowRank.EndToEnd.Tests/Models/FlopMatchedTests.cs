using LowRank.EndToEnd.Tests.Pretrained;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training;
using LowRank.Training.Checkpoints;
using LowRank.Training.Loop;
using LowRank.Training.Pretrained;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>The dense model of a factored one's forward FLOPs, through all that is done with a model.</summary>
public sealed class FlopMatchedTests : IDisposable
{
    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void It_costs_what_the_factored_model_costs_and_every_parameter_learns()
    {
        // (64·256 + 3·16·(64 + 256)) / (4·64) weights of a hidden unit.
        Assert.Equal(124, (64 * 256 + 3 * 16 * 320) / 256);
        using var scope = NewDisposeScope();
        using var model = new SmallDeclared.FlopMatched(new ModelOptions { Seed = 3 });
        using var factored = new SmallDeclared(new ModelOptions { Seed = 3, Guided = false });
        Assert.Equal(SmallDeclared.Cost.ForwardFlopsPerToken, model.LiveForwardFlopsPerToken(64));
        Assert.Equal(factored.LiveForwardFlopsPerToken(64), model.LiveForwardFlopsPerToken(64));
        Assert.Empty(model.FactoredLinears);
        Assert.Equal([124L, 64], model.state_dict()["blocks.0.feed_forward.up.weight"].shape);

        using var step = model.BeginStep(0, 10);
        using var ids = randint(0, 512, [2, 16], ScalarType.Int64);
        model.forward(ids).square().sum().backward();
        step.Update(() => { });
        foreach (var (name, parameter) in model.named_parameters())
            Assert.True(parameter.grad is not null && parameter.grad.abs().sum().item<float>() > 0, name);
    }

    [Fact]
    public void A_run_that_was_killed_goes_on_bit_for_bit() =>
        SmallRuns.GoesOnBitForBit(nameof(GptForm), Variant.FlopMatched, options => options, 5, isKilled: true);

    [Fact]
    public void A_run_costs_what_was_predicted_and_is_saved_as_what_it_is()
    {
        using var data = SmallRuns.Data(folder);
        var entry = SmallRuns.Find(nameof(GptForm));
        var output = folder.Under("run");
        var result = new Trainer(entry, Variant.FlopMatched, data, SmallRuns.Options(output), new StepLog()).Run(default);
        Assert.Equal(Variant.FlopMatched, result.Variant);
        Assert.Equal(entry.FlopMatched!.Cost.TrainingFlops(SmallRuns.Steps, 4, 16, guided: false), result.TrainingFlops);
        Assert.Equal(entry.FlopMatched.Cost.Parameters, result.Parameters);
        var checkpoint = Checkpoint.Open(output);
        Assert.Equal(Variant.FlopMatched, checkpoint.Info.Variant);
        using var model = checkpoint.LoadModel("cpu", "fp32");
        Assert.IsType<GptForm.FlopMatched>(model);

        // The dense baseline has other hidden sizes.
        var other = new Trainer(entry, Variant.Dense, data, SmallRuns.Options(null) with { From = output }, new StepLog());
        Assert.Contains(
            "another architecture than GptForm.Dense",
            Assert.Throws<InputException>(() => other.Run(default)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void It_is_exported_and_imported_with_its_own_hidden_size()
    {
        using var scope = NewDisposeScope();
        var entry = ModelCatalog.Find(nameof(TinyLlama)).Single();
        var hidden = entry.FlopMatched!.Cost.Sublayers.First(part => part.Kind == "feed-forward").Weights[0].Outputs;
        Assert.InRange(hidden, 1, 95);
        using var model = Variants.Create(entry, Variant.FlopMatched, new ModelOptions { Seed = 5 });
        var path = folder.Under("hf");
        _ = ExportedModel.Write(model, path, new ExportOptions());
        Assert.Contains($"\"intermediate_size\": {hidden}", File.ReadAllText(Path.Combine(path, "config.json")), StringComparison.Ordinal);

        using var loaded = PretrainedModel.Load(entry, Variant.FlopMatched, path);
        Assert.IsType<TinyLlama.FlopMatched>(loaded.Model);
        using var noGradient = no_grad();
        var ids = randint(0, 320, [2, 16], ScalarType.Int64);
        Assert.True(allclose(model.forward(ids), loaded.Model.forward(ids), 0, 0));
        Assert.Throws<PretrainedMismatchException>(() => PretrainedModel.Load(entry, Variant.Dense, path));
    }

    [Fact]
    public async Task Its_sizes_and_costs_stand_beside_the_declared_ones()
    {
        var (code, output, error) = await InProcess.Run("describe", "LowRank.EndToEnd.Tests.Models.SmallDeclared");
        Assert.True(code == 0, error);
        Assert.Matches("hidden size of FeedForward +│ +256 │ +124 │ 2\\.065×", output);
        Assert.Matches("training FLOPs, without guides \\(paper convention\\) +│ +([0-9.e]+) +│ +\\1 +│ 1\\.000×", output);
        Assert.Contains("SmallDeclared.FlopMatched: no low rank", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_trained_evaluated_and_fine_tuned_by_its_variant()
    {
        var (run, tuned) = (folder.Under("run"), folder.Under("tuned"));
        string[] text = ["--text", folder.Text, "--cache", folder.Under("cache")];
        string[] steps = ["--steps", "2", "--batch", "2", "--micro-batch", "2", "--context", "16", "--evaluation-sequences", "2", .. text];
        var trained = await InProcess.Run(["train", nameof(GptForm), "--variant", "flop-matched", "--output", run, .. steps]);
        Assert.True(trained.Code == 0, trained.Error);
        Assert.Contains("FLOP-matched dense", trained.Output, StringComparison.Ordinal);
        var evaluated = await InProcess.Run(["evaluate", run, "--json", "--sequences", "2", .. text]);
        Assert.True(evaluated.Code == 0, evaluated.Error);
        Assert.Contains("\"variant\": \"flop-matched\"", evaluated.Output, StringComparison.Ordinal);
        var adapted = await InProcess.Run(["finetune", run, "--method", "lora", "--rank", "2", "--output", tuned, .. steps]);
        Assert.True(adapted.Code == 0, adapted.Error);
        using var model = Checkpoint.Open(tuned).LoadModel("cpu", "fp32");
        Assert.IsType<GptForm.FlopMatched>(model);
    }
}
