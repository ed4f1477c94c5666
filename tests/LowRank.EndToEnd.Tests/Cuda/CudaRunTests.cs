using System.Text.Json;
using LowRank.EndToEnd.Tests.Models;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Checkpoints;
using LowRank.Training.Data;
using LowRank.Training.Loop;
using LowRank.Training.Runs;

namespace LowRank.EndToEnd.Tests.Cuda;

/// <summary>Whole runs of a few steps on a GPU, beside the same runs on the CPU.</summary>
public sealed class CudaRunTests
{
    // Sums are taken in another order, and the steps of a run carry the difference on.
    private const double Single = 2e-3;

    // Products in bfloat16, as are Muon's and Spectron's on a GPU.
    private const double Brain = 4e-2;

    [Theory(Skip = Gpu.Missing, SkipUnless = nameof(Gpu.IsThere), SkipType = typeof(Gpu))]
    [InlineData("SmallDeclared", Variant.Dense, OptimizerKind.AdamW, Single)]
    [InlineData("SmallDeclared", Variant.LowRank, OptimizerKind.AdamW, Single)]
    [InlineData("SmallDeclared", Variant.Guided, OptimizerKind.AdamW, Single)]
    [InlineData("GptForm", Variant.Guided, OptimizerKind.AdamW, Single)]
    [InlineData("QwenForm", Variant.Guided, OptimizerKind.AdamW, Single)]
    [InlineData("ColaForm", Variant.LowRank, OptimizerKind.AdamW, Single)]
    [InlineData("ColaForm", Variant.Dense, OptimizerKind.AdamW, Single)]
    [InlineData("ResidualForm", Variant.Guided, OptimizerKind.AdamW, Single)]
    [InlineData("BalancedForm", Variant.Guided, OptimizerKind.AdamW, Single)]
    [InlineData("SmallDeclared", Variant.Dense, OptimizerKind.GaLore, Single)]
    [InlineData("SmallDeclared", Variant.Guided, OptimizerKind.Muon, Brain)]
    [InlineData("SmallDeclared", Variant.LowRank, OptimizerKind.Spectron, Brain)]
    public void A_run_takes_the_steps_that_it_takes_on_the_CPU(string model, Variant variant, OptimizerKind optimizer, double tolerance)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var options = SmallRuns.Options(null).WithOptimizer(optimizer) with { GaLoreRank = 8, GaLoreGap = 4 };
        var expected = Run(model, variant, data, options);
        Near(expected, Run(model, variant, data, options with { Device = Gpu.Name }), tolerance);
        Near(expected, Run(model, variant, data, options with { Device = Gpu.Name, Precision = "bf16" }), Brain);
    }

    [Theory(Skip = Gpu.SecondMissing, SkipUnless = nameof(Gpu.AreTwoThere), SkipType = typeof(Gpu))]
    [InlineData("fp32", OptimizerKind.AdamW, Single)]
    [InlineData("bf16", OptimizerKind.Muon, Brain)]
    public void A_run_on_the_second_GPU_takes_the_same_steps(string precision, OptimizerKind optimizer, double tolerance)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var options = SmallRuns.Options(null).WithOptimizer(optimizer);
        Near(
            Run("SmallDeclared", Variant.Guided, data, options),
            Run("SmallDeclared", Variant.Guided, data, options with { Device = Gpu.SecondName, Precision = precision }),
            tolerance
        );
    }

    [Fact(Skip = Gpu.Missing, SkipUnless = nameof(Gpu.IsThere), SkipType = typeof(Gpu))]
    public void Tf32_rounds_as_products_in_few_bits_do_and_memory_is_told()
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var options = SmallRuns.Options(null);
        var fast = options with { Device = Gpu.Name, Tf32 = true };
        Near(Run("SmallDeclared", Variant.Guided, data, options), Run("SmallDeclared", Variant.Guided, data, fast), Brain);
        var result = new Trainer(SmallRuns.Find("SmallDeclared"), Variant.Guided, data, fast, new StepLog()).Run(CancellationToken.None);
        Assert.NotNull(result.PeakDeviceMemoryBytes);
    }

    [Theory(Skip = Gpu.Missing, SkipUnless = nameof(Gpu.IsThere), SkipType = typeof(Gpu))]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(100)]
    public void Losses_that_are_read_late_are_those_of_their_steps(int logEvery)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var options = SmallRuns.Options(null);
        Near(
            Run("SmallDeclared", Variant.Guided, data, options),
            Run("SmallDeclared", Variant.Guided, data, options with { Device = Gpu.Name, LogEvery = logEvery }),
            Single
        );
    }

    [Theory(Skip = Gpu.Missing, SkipUnless = nameof(Gpu.IsThere), SkipType = typeof(Gpu))]
    [InlineData(Gpu.Name, Gpu.Name)]
    [InlineData("cpu", Gpu.Name)]
    [InlineData(Gpu.Name, "cpu")]
    public void A_stopped_run_goes_on_on_either_device(string first, string second)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var expected = Run("SmallDeclared", Variant.Guided, data, SmallRuns.Options(null));
        var options = SmallRuns.Options(folder.Under("run")) with { Device = first };
        using var stop = new CancellationTokenSource();
        // A GPU's steps are reported when they are read, at the evaluation of step 3: the run ends somewhat later.
        var stopping = new StepLog { At = 3, Then = stop.Cancel };
        var stopped = new Trainer(SmallRuns.Find("SmallDeclared"), Variant.Guided, data, options, stopping).Run(stop.Token);
        Assert.True(stopped.Stopped && stopped.Steps is >= 3 and < SmallRuns.Steps);
        var rest = Run("SmallDeclared", Variant.Guided, data, options with { Resume = true, Device = second });
        Assert.Equal(SmallRuns.Steps - stopped.Steps, rest.Count);
        Near(expected, [.. stopping.Steps, .. rest], Single);
    }

    [Fact(Skip = Gpu.Missing, SkipUnless = nameof(Gpu.IsThere), SkipType = typeof(Gpu))]
    public void Factors_become_dense_layers_on_the_GPU()
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var options = SmallRuns.Options(null) with { DenseFrom = 0.5 };
        Near(
            Run("SmallDeclared", Variant.LowRank, data, options),
            Run("SmallDeclared", Variant.LowRank, data, options with { Device = Gpu.Name }),
            Single
        );
    }

    [Theory(Skip = Gpu.Missing, SkipUnless = nameof(Gpu.IsThere), SkipType = typeof(Gpu))]
    [InlineData("full")]
    [InlineData("galore", "--galore-rank", "4", "--galore-gap", "2")]
    [InlineData("lora", "--rank", "4", "--alpha", "8", "--dropout", "0.2")]
    [InlineData("lowrank", "--energy", "0.6", "--guide", "sampled")]
    public async Task A_model_is_trained_evaluated_tuned_and_read_on_the_GPU(string method, params string[] options)
    {
        using var folder = new WorkFolder();
        string[] text = ["--text", folder.Text, "--cache", folder.Under("cache")];
        string[] run = [.. text, "--device", Gpu.Name, "--steps", "6", "--batch", "4", "--context", "16"];
        var (trained, tuned) = (folder.Under("base"), folder.Under("tuned"));
        await Succeeds(["train", "SmallDeclared", .. run, "--precision", "bf16", "--output", trained]);
        await Succeeds(["finetune", trained, "--method", method, .. options, .. run, "--output", tuned]);
        foreach (var output in new[] { trained, tuned })
        {
            string[] evaluation = ["evaluate", output, .. text, "--precision", "fp32", "--sequences", "4", "--json"];
            Assert.Equal(Loss(await Succeeds(evaluation)), Loss(await Succeeds([.. evaluation, "--device", Gpu.Name])), 1e-4);
            string[] generation = ["generate", output, "--prompt", "The", "--tokens", "12", "--temperature", "0", "--precision", "fp32"];
            Assert.Equal(await Succeeds(generation), await Succeeds([.. generation, "--device", Gpu.Name]));
        }

        Assert.Equal(Gpu.Name, Checkpoint.Open(tuned).Info.Options.Device);
    }

    private static double Loss(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("loss").GetDouble();
    }

    private static async Task<string> Succeeds(string[] arguments)
    {
        var (code, output, error) = await InProcess.Run(arguments);
        Assert.True(code == 0, error);
        return output;
    }

    private static List<(long Step, double Loss, double Norm)> Run(
        string model,
        Variant variant,
        TokenDataset data,
        TrainingOptions options
    )
    {
        var log = new StepLog();
        var result = new Trainer(SmallRuns.Find(model), variant, data, options, log).Run(default);
        Assert.True(double.IsFinite(result.ValidationLoss));
        return log.Steps;
    }

    private static void Near(
        List<(long Step, double Loss, double Norm)> expected,
        List<(long Step, double Loss, double Norm)> actual,
        double tolerance
    )
    {
        Assert.Equal(expected.Select(step => step.Step), actual.Select(step => step.Step));
        foreach (var ((step, loss, _), (_, other, _)) in expected.Zip(actual))
            Assert.True(Math.Abs(other - loss) <= tolerance * loss, $"step {step}: loss {loss} and {other}");
        // Later norms say little: AdamW's first steps follow signs, and so the smallest differences.
        Assert.Equal(1, actual[0].Norm / expected[0].Norm, tolerance);
    }
}
