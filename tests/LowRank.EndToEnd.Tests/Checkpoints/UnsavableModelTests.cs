using LowRank.EndToEnd.Tests.FineTuning;
using LowRank.EndToEnd.Tests.Models;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training;
using LowRank.Training.Checkpoints;
using LowRank.Training.FineTuning;
using LowRank.Training.Pretrained;
using LowRank.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Checkpoints;

/// <summary>What a reader would refuse is not written.</summary>
public sealed class UnsavableModelTests : IDisposable
{
    private static readonly FineTuningOptions Lora = new() { Method = FineTuningMethod.Lora, Rank = 2 };

    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Weights_that_are_no_numbers_are_named_and_nothing_is_written()
    {
        using var model = new Plain();
        FineTuner.Plan(model, Lora).ApplyTo(model, Lora);
        using (no_grad())
            model.LoraAdapters.First().A.fill_(double.NaN);
        var refused = Assert.Throws<InputException>(() => ModelCheckpoint.Save(model, folder.Under("saved"), tokenizer: null));
        Assert.Contains("values that are infinite or no number, the first at [0, 0]", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Under("saved")));
        Assert.Throws<InputException>(() => AdapterFolder.Write(folder.Under("adapter"), model));
        Assert.False(Directory.Exists(folder.Under("adapter")));
    }

    [Fact]
    public void A_disposed_model_is_written_nowhere()
    {
        var model = new Plain();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ModelCheckpoint.Save(model, folder.Under("saved"), tokenizer: null));
        Assert.Throws<ObjectDisposedException>(() => AdapterFolder.Write(folder.Under("saved"), model));
        Assert.Throws<ObjectDisposedException>(() => ExportedModel.Write(model, folder.Under("saved"), new ExportOptions()));
        Assert.False(Directory.Exists(folder.Under("saved")));
    }

    [Fact]
    public void A_type_of_computing_that_is_not_kept_is_refused()
    {
        using var model = new Plain(new ModelOptions { DataType = ScalarType.Float64, ComputeType = ScalarType.Float32 });
        var refused = Assert.Throws<InputException>(() => ModelCheckpoint.Save(model, folder.Under("saved"), tokenizer: null));
        Assert.Contains("computes in Float32 with weights in Float64", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_built_for_another_type_is_told_of_both()
    {
        using var model = new Plain(new ModelOptions { DataType = ScalarType.BFloat16 });
        ModelCheckpoint.Save(model, folder.Under("saved"), tokenizer: null);
        var refused = Assert.Throws<InputException>(() => ModelCheckpoint.Load(folder.Under("saved"), new ModelOptions()));
        Assert.Contains(
            "holds weights in BFloat16, and the model is built for Float32; build it with",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_model_is_converted_only_to_what_it_is()
    {
        using var model = new Plain();
        _ = model.to(ScalarType.Float32).to(CPU);
        var refused = Assert.Throws<NotSupportedException>(() => model.to(ScalarType.Float64));
        Assert.Contains("build it with new ModelOptions { DataType = ScalarType.Float64 }", refused.Message, StringComparison.Ordinal);
        using var ids = arange(4, ScalarType.Int64);
        using var tokens = ids.view(1, 4);
        model.forward(tokens).Dispose();
    }

    [Fact]
    public void Changes_are_made_on_the_model_and_by_the_method_that_they_were_planned_for()
    {
        using var model = new Plain();
        using var other = new SmallDeclared(new ModelOptions { Guided = false });
        var changes = FineTuner.Plan(model, Lora);
        Assert.Contains("planned for", Assert.Throws<InputException>(() => changes.ApplyTo(other, Lora)).Message, StringComparison.Ordinal);
        var factors = new FineTuningOptions { Method = FineTuningMethod.LowRank, Rank = 2 };
        Assert.Contains(
            "planned for the method lora, and the options are those of lowrank",
            Assert.Throws<InputException>(() => changes.ApplyTo(model, factors)).Message,
            StringComparison.Ordinal
        );
        changes.ApplyTo(model, Lora);
        Assert.Contains(
            "merge them into its weights first",
            Assert.Throws<InputException>(() => FineTuner.Plan(model, Lora)).Message,
            StringComparison.Ordinal
        );
    }
}
