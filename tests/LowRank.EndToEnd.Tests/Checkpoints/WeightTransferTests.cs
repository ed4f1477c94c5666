using System.Text.Json;
using LowRank.EndToEnd.Tests.Models;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training.Checkpoints;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Checkpoints;

/// <summary>A run that begins with the weights of another declaration, or of another variant.</summary>
public sealed class WeightTransferTests : IDisposable
{
    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("lowrank")]
    [InlineData("guided")]
    public async Task Factors_become_the_dense_weights_that_they_amount_to(string variant)
    {
        // Stopped in the middle of its guides' time where it has some: the blend counts.
        var factored = await Train("ResidualForm", variant, 4, null, "--warmup", "0");
        var dense = await Train("ResidualForm", "dense", 1, factored);
        Assert.Equal(Losses(factored)[^1], Losses(dense)[0], 1e-5);
        using var model = Checkpoint.Open(dense).LoadModel("cpu", "fp32");
        Assert.DoesNotContain(model.modules(), module => module is LowRankLinear);
    }

    [Fact]
    public async Task Dense_weights_become_factors_with_themselves_as_guides()
    {
        var dense = await Train("ResidualForm", "dense", 6, null);
        var told = await Run("ResidualForm", "guided", 4, dense, folder.Under("told"));
        Assert.Contains(
            "[guided] begins with the weights of LowRank.EndToEnd.Tests.Models.ResidualForm, dense",
            told.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("blocks.2.feed_forward.down: rank 7, ‖W − UV‖ / ‖W‖ = 0.", told.Error, StringComparison.Ordinal);
        var guided = folder.Under("told");
        Assert.NotEqual(Losses(dense)[^1], Losses(guided)[0], 1e-4); // Factors without a guide lose something.
        var all = await Train(nameof(WholeGuide), "guided", 4, dense);
        Assert.Equal(Losses(dense)[^1], Losses(all)[0], 1e-5);
    }

    [Fact]
    public async Task Factors_of_one_rank_are_taken_over_as_they_are()
    {
        var factored = await Train(nameof(WholeGuide), "lowrank", 3, null);
        var other = await Train(nameof(WholeResidual), "lowrank", 1, factored, "--learning-rate", "1e-12", "--weight-decay", "0");
        using var before = Checkpoint.Open(factored).LoadModel("cpu", "fp32");
        using var after = Checkpoint.Open(other).LoadModel("cpu", "fp32");
        foreach (var (theirs, ours) in before.modules().OfType<LowRankLinear>().Zip(after.modules().OfType<LowRankLinear>()))
        {
            using var folded = ours.FoldedU();
            Assert.True(allclose(theirs.U, folded, rtol: 0, atol: 1e-6));
            Assert.True(allclose(theirs.V, ours.V, rtol: 0, atol: 1e-6));
        }
    }

    // Also where the checkpoint is of the same model and variant: beside frozen weights adapters are trained by finetune.
    [Fact]
    public async Task Adapters_are_folded_into_the_weights_that_are_trained()
    {
        var dense = await Train("ResidualForm", "dense", 2, null);
        var tuned = folder.Under("tuned");
        string[] data = ["--text", folder.Text, "--cache", folder.Under("cache"), "--evaluation-sequences", "512"];
        var lora = await InProcess.Run([
            "finetune",
            dense,
            "--method",
            "lora",
            "--learning-rate",
            "0.02",
            "--steps",
            "4",
            "--batch",
            "2",
            "--micro-batch",
            "2",
            "--output",
            tuned,
            .. data,
        ]);
        Assert.True(lora.Code == 0, lora.Error);
        var told = await Run("ResidualForm", "dense", 1, tuned, folder.Under("on"));
        Assert.True(told.Code == 0, told.Error);
        Assert.Contains("[dense] begins with the weights of ", told.Error, StringComparison.Ordinal);
        Assert.NotEqual(Losses(dense)[^1], Losses(tuned)[^1], 1e-4);
        Assert.Equal(Losses(tuned)[^1], Losses(folder.Under("on"))[0], 1e-5);
        var trained = Checkpoint.Open(folder.Under("on"));
        Assert.Null(trained.Info.Changes);
        using var model = trained.LoadModel("cpu", "fp32");
        Assert.DoesNotContain(model.modules(), module => module is LoraLinear);
    }

    [Fact]
    public async Task A_killed_run_that_began_so_goes_on_bit_for_bit()
    {
        var factored = await Train("ResidualForm", "lowrank", 2, null);
        var whole = await Train("ResidualForm", "dense", 4, factored);
        var halves = folder.Under("halves");
        var stopped = await Run("ResidualForm", "dense", 4, factored, halves, "--checkpoint-every", "2");
        Assert.True(stopped.Code == 0, stopped.Error);
        // As after a kill: the last checkpoint was never written.
        Directory.Delete(Checkpoint.Open(halves).Folder, recursive: true);
        Assert.Equal(2, Checkpoint.Open(halves).Info.Step);
        var resumed = await Run("ResidualForm", "dense", 4, factored, halves, "--checkpoint-every", "2", "--resume");
        Assert.True(resumed.Code == 0, resumed.Error);
        Assert.Equal(Losses(whole)[^1], Losses(halves)[^1]);
    }

    [Fact]
    public async Task Another_architecture_or_one_without_a_product_is_refused()
    {
        var factored = await Train("ResidualForm", "lowrank", 1, null);
        var other = await Run("BalancedForm", "dense", 1, factored, folder.Under("other"));
        Assert.Equal(2, other.Code);
        Assert.Contains("which is another architecture than BalancedForm.Dense;", other.Error, StringComparison.Ordinal);
        Assert.Contains("\n  key/value heads: declared 4, the checkpoint has 2\n", other.Error, StringComparison.Ordinal);
        var deeper = await Run("Deeper", "lowrank", 1, factored, folder.Under("deeper"));
        Assert.Equal(2, deeper.Code);
        Assert.EndsWith("\n  depth: declared 4, the checkpoint has 3", deeper.Error.TrimEnd(), StringComparison.Ordinal);
        var activated = await Run("ColaForm", "lowrank", 1, factored, folder.Under("activated"));
        Assert.Equal(2, activated.Code);
        Assert.Contains("y = U·f(Vx), so it can't take over other weights: ", activated.Error, StringComparison.Ordinal);
        var cola = await Train("ColaForm", "lowrank", 1, null);
        var dense = await Run("ColaForm", "dense", 1, cola, folder.Under("dense"));
        Assert.Equal(2, dense.Code);
        Assert.Contains("so it can't be taken over by another declaration: ", dense.Error, StringComparison.Ordinal);
    }

    private static List<double> Losses(string run) =>
        [
            .. File.ReadLines(Path.Combine(run, "metrics.jsonl"))
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Where(line => line.GetProperty("kind").GetString() == "validation")
                .Select(line => line.GetProperty("loss").GetDouble()),
        ];

    private async Task<string> Train(string model, string variant, int steps, string? from, params string[] more)
    {
        var output = folder.Under($"{model}-{variant}-{Guid.NewGuid():N}");
        var ran = await Run(model, variant, steps, from, output, more);
        Assert.True(ran.Code == 0, ran.Error);
        return output;
    }

    private async Task<(int Code, string Output, string Error)> Run(
        string model,
        string variant,
        int steps,
        string? from,
        string output,
        params string[] more
    ) =>
        await InProcess.Run([
            "train",
            model,
            "--variant",
            variant,
            "--steps",
            $"{steps}",
            "--batch",
            "2",
            "--micro-batch",
            "2",
            "--text",
            folder.Text,
            "--cache",
            folder.Under("cache"),
            "--evaluate-every",
            "100",
            "--evaluation-sequences",
            "512",
            "--output",
            output,
            .. from is null ? Array.Empty<string>() : ["--from", from],
            .. more,
        ]);
}

/// <summary>The shapes of <see cref="ResidualForm"/>, every factored layer guided.</summary>
[Transformer(vocabulary: 300, context: 32, width: 48, depth: 3, Bias = Bias.All)]
[LowRank(rank: 12, phaseOut: 0.75)]
public partial class WholeGuide
{
    [Attention(heads: 4, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>The same with a residual around its factors.</summary>
[Transformer(vocabulary: 300, context: 32, width: 48, depth: 3, Bias = Bias.All)]
[LowRank(rank: 12, Guide = Guide.None, Residual = true)]
public partial class WholeResidual
{
    [Attention(heads: 4, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>One block more.</summary>
[Transformer(vocabulary: 300, context: 32, width: 48, depth: 4, Bias = Bias.All)]
[LowRank(rank: 12, Guide = Guide.None)]
public partial class Deeper
{
    [Attention(heads: 4, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true)]
    public partial Sublayer FeedForward { get; }
}
