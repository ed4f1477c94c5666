using LowRank.EndToEnd.Tests.Models;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Checkpoints;
using LowRank.Training.Evaluation;
using LowRank.Training.Loop;
using LowRank.Training.Runs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Modules;

/// <summary>Dropout of a module of the user's own is on in training, and off wherever a loss or a text is wanted.</summary>
public sealed class EvaluationModeTests
{
    [Theory]
    [InlineData(nameof(Dropping))]
    [InlineData(nameof(DroppingLanguageModel))]
    public void Evaluations_and_loaded_models_drop_nothing(string name)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var options = SmallRuns.Options(folder.Under("run")) with { Steps = 2 };
        using var model = SmallRuns.Find(name).Create(new ModelOptions { Seed = 3 });
        Assert.True(DropoutOf(model).training);
        var losses = new[] { 1, 2 }.Select(_ => Evaluator.Evaluate(model, data.Validation, 16, 4).Loss).ToList();
        Assert.Equal(losses[0], losses[1]);
        Assert.True(DropoutOf(model).training);

        var result = new Trainer(SmallRuns.Find(name), Variant.Dense, data, options, new StepLog()).Run(default);
        using var loaded = Checkpoint.Open(options.Output!).LoadModel("cpu", "fp32");
        Assert.False(DropoutOf(loaded).training);
        Assert.Equal(
            result.ValidationLoss,
            Evaluator.Evaluate(loaded, data.Validation, options.Context, options.FinalEvaluationSequences).Loss,
            1e-9
        );
    }

    private static Dropout DropoutOf(LanguageModel model) => model.modules().OfType<Dropout>().First();
}

/// <summary>Half of its numbers, whichever.</summary>
[Module]
public partial class Dropped : ISequenceModule
{
    private Dropout dropout = null!;

    [Linear(32, 32)]
    public partial LinearLayer Inner { get; }

    public Tensor forward(Tensor x)
    {
        using var inner = Inner.forward(x);
        return dropout.forward(inner);
    }

    partial void OnCreated(ModelOptions options)
    {
        dropout = nn.Dropout(0.5);
        register_module("dropout", dropout);
    }
}

/// <summary>A transformer with it.</summary>
[Transformer(vocabulary: 300, context: 32, width: 32, depth: 1)]
public partial class Dropping
{
    [Part(typeof(Dropped))]
    public partial Sublayer Mixer { get; }
}

/// <summary>A language model of it.</summary>
[Module]
[LanguageModel(vocabulary: 300, context: 32, width: 32)]
public partial class DroppingLanguageModel : ILanguageModule
{
    [Embedding(300, 32)]
    public partial LowRank.Layers.Embedding Tokens { get; }

    [Part]
    public partial Dropped Mixer { get; }

    public Tensor HeadWeight => Tokens.Weight;

    public Tensor Hidden(Tensor tokens)
    {
        using var vectors = Tokens.forward(tokens);
        return Mixer.forward(vectors);
    }
}
