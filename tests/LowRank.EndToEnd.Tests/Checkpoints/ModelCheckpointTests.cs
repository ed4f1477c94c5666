using LowRank.EndToEnd.Tests.FineTuning;
using LowRank.EndToEnd.Tests.Models;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Models;
using LowRank.Training;
using LowRank.Training.Checkpoints;
using LowRank.Training.FineTuning;
using LowRank.Training.Generation;
using LowRank.Training.Runs;
using static TorchSharp.torch;
using Linear = LowRank.Layers.Linear;

namespace LowRank.EndToEnd.Tests.Checkpoints;

/// <summary>What becomes of a model is in what is saved of it.</summary>
public sealed class ModelCheckpointTests : IDisposable
{
    private static readonly FineTuningOptions Lora = new()
    {
        Method = FineTuningMethod.Lora,
        Rank = 4,
        Projections = Projections.Query | Projections.Value | Projections.Down,
    };
    private static readonly FineTuningOptions Factors = new()
    {
        Method = FineTuningMethod.LowRank,
        Rank = 5,
        Projections = Projections.Query | Projections.Up,
        Guide = Guide.Sampled,
    };

    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> States() => [.. Made.Keys];

    // Every state that a program can bring a model into.
    private static readonly Dictionary<string, Func<LanguageModel>> Made = new(StringComparer.Ordinal)
    {
        ["dense"] = () => new Plain(new ModelOptions { Seed = 3 }),
        ["in double precision"] = () => new Plain(new ModelOptions { Seed = 3, DataType = ScalarType.Float64 }),
        ["in bfloat16"] = () => new Plain(new ModelOptions { Seed = 3, DataType = ScalarType.BFloat16 }),
        ["with guides, in bfloat16"] = () => At(3, new SmallDeclared(new ModelOptions { Seed = 3, DataType = ScalarType.BFloat16 })),
        ["in half precision"] = () => new Plain(new ModelOptions { Seed = 3, DataType = ScalarType.Float16 }),
        ["with products in bfloat16"] = () => new Plain(new ModelOptions { Seed = 3, ComputeType = ScalarType.BFloat16 }),
        ["the dense baseline"] = () => Variants.Create(SmallRuns.Find(nameof(SmallDeclared)), Variant.Dense, new ModelOptions { Seed = 3 }),
        ["the FLOP-matched dense model"] = () =>
            Variants.Create(SmallRuns.Find(nameof(SmallDeclared)), Variant.FlopMatched, new ModelOptions { Seed = 3 }),
        ["factored"] = () => new SmallDeclared(new ModelOptions { Seed = 3, Guided = false }),
        ["with guides before the first step"] = () => new SmallDeclared(new ModelOptions { Seed = 3 }),
        ["with guides on the way out"] = () => At(3, new SmallDeclared(new ModelOptions { Seed = 3 })),
        ["with guides released"] = () => At(9, new SmallDeclared(new ModelOptions { Seed = 3 })),
        ["with declared adapters"] = () =>
            new Adapted(
                new ModelOptions
                {
                    Seed = 3,
                    Guided = false,
                    Adapters = true,
                }
            ),
        ["with declared adapters, merged"] = () =>
            Merged(
                Disturbed(
                    new Adapted(
                        new ModelOptions
                        {
                            Seed = 3,
                            Guided = false,
                            Adapters = true,
                        }
                    )
                )
            ),
        ["declared with adapters, without them"] = () => new Adapted(new ModelOptions { Seed = 3, Guided = false }),
        ["fine-tuned by adapters"] = () => Tuned(new Plain(new ModelOptions { Seed = 3 }), Lora),
        ["fine-tuned by adapters, merged"] = () => Merged(Disturbed(Tuned(new Plain(new ModelOptions { Seed = 3 }), Lora))),
        ["fine-tuned by factors, before the first step"] = () => Tuned(new Plain(new ModelOptions { Seed = 3 }), Factors),
        ["fine-tuned by factors, some of its guides drawn"] = () => At(3, Tuned(new Plain(new ModelOptions { Seed = 3 }), Factors)),
        ["fine-tuned by factors, without guides"] = () => At(9, Tuned(new Plain(new ModelOptions { Seed = 3 }), Factors)),
        ["factored later and then adapted"] = () =>
            Tuned(
                At(9, Tuned(new Plain(new ModelOptions { Seed = 3 }), Factors)),
                Lora with
                {
                    Projections = Projections.Value | Projections.Down,
                }
            ),
    };

    [Theory]
    [MemberData(nameof(States))]
    public void A_model_in_any_state_is_loaded_as_it_was_saved(string state)
    {
        using var model = Made[state]();
        // After the guides were blended in, too, as an optimizer does.
        if (!model.modules().OfType<LoraLinear>().Any(layer => layer.IsMerged))
            Disturbed(model);
        ModelCheckpoint.Save(model, folder.Under("saved"), tokenizer: null);
        using var saved = ModelCheckpoint.Load(folder.Under("saved"));
        Assert.Null(saved.Tokenizer);

        using var noGradient = no_grad();
        using var ids = arange(20, ScalarType.Int64);
        using var tokens = ids.view(1, 20);
        using var expected = model.forward(tokens);
        using var logits = saved.Model.forward(tokens);
        Assert.True(allclose(expected, logits, 0, 0));
        Assert.Equal(
            model
                .named_parameters()
                .Select(named => (named.name, named.parameter.requires_grad))
                .OrderBy(named => named.name, StringComparer.Ordinal),
            saved
                .Model.named_parameters()
                .Select(named => (named.name, named.parameter.requires_grad))
                .OrderBy(named => named.name, StringComparer.Ordinal)
        );

        // And again: what was loaded is in that state, too.
        ModelCheckpoint.Save(saved.Model, folder.Under("again"), tokenizer: null);
        using var again = ModelCheckpoint.Load(folder.Under("again"));
        using var repeated = again.Model.forward(tokens);
        Assert.True(allclose(expected, repeated, 0, 0));
    }

    [Fact]
    public async Task Adapters_learn_in_a_loop_of_ones_own_and_generate_the_same_after_they_were_saved()
    {
        using var data = SmallRuns.Data(folder);
        using var model = Disturbed(new Plain(new ModelOptions { Seed = 2 }));
        FineTuner.Plan(model, Lora).ApplyTo(model, Lora);
        var losses = Train(model, steps: 20);
        Assert.True(losses[^1] < 0.97 * losses[0], string.Join(", ", losses));
        Assert.All(model.LoraAdapters, adapter => Assert.True(Norm(adapter.B) > 0));

        ModelCheckpoint.Save(model, folder.Under("tuned"), data.Tokenizer);
        using var saved = ModelCheckpoint.Load(folder.Under("tuned"));
        Assert.Equal(data.Tokenizer.Fingerprint, saved.Tokenizer!.Fingerprint);
        Assert.Equal(Text(model, data.Tokenizer), Text(saved.Model, saved.Tokenizer));
        var command = await InProcess.Run("generate", folder.Under("tuned"), "--prompt", "The", "--tokens", "12", "--temperature", "0");
        Assert.True(command.Code == 0, command.Error);
        Assert.Equal("The" + Text(model, data.Tokenizer), command.Output.TrimEnd('\r', '\n'));

        // What was loaded goes on learning.
        Assert.True(Train(saved.Model, steps: 5)[^1] < losses[0]);
    }

    [Fact]
    public void Adapters_begin_as_a_run_of_the_command_line_draws_them_wherever_they_are_built()
    {
        using var model = new Plain(new ModelOptions { Seed = 2 });
        FineTuner.Plan(model, Lora).ApplyTo(model, Lora);
        using var drawn = new Plain(new ModelOptions { Seed = 2 });
        FineTuner.Plan(drawn, Lora).ApplyTo(drawn, Lora);
        InitialWeights.DrawAdapters(drawn, 2);
        Assert.All(model.LoraAdapters.Zip(drawn.LoraAdapters), pair => Assert.True(allclose(pair.First.A, pair.Second.A, 0, 0)));

        using var declared = new Adapted(
            new ModelOptions
            {
                Seed = 2,
                Guided = false,
                Adapters = true,
                Initialize = false,
            }
        );
        using var plain = new Linear(8, 6, bias: false, new ModelOptions());
        using var alone = new LoraLinear(plain, new ModelOptions { Seed = 2 }, new LoraPart("", 0, 6, 2, 4));
        // A checkpoint that knows nothing of the adapters leaves them as a new run draws them.
        using var trained = new Adapted(new ModelOptions { Seed = 2, Guided = false });
        ModelCheckpoint.Save(trained, folder.Under("trained"), tokenizer: null);
        using var beside = new Adapted(
            new ModelOptions
            {
                Seed = 2,
                Guided = false,
                Adapters = true,
                Initialize = false,
            }
        );
        Checkpoint.Open(folder.Under("trained")).LoadParameters(beside);
        using var whole = new Adapted(
            new ModelOptions
            {
                Seed = 2,
                Guided = false,
                Adapters = true,
            }
        );
        Assert.All(beside.LoraAdapters.Zip(whole.LoraAdapters), pair => Assert.True(allclose(pair.First.A, pair.Second.A, 0, 0)));
        foreach (var adapter in model.LoraAdapters.Concat(declared.LoraAdapters).Concat(beside.LoraAdapters).Concat(alone.Adapters))
        {
            Assert.True(Norm(adapter.A) > 0);
            Assert.Equal(0, Norm(adapter.B));
        }
    }

    [Fact]
    public void What_can_not_be_saved_is_said_and_nothing_is_lost()
    {
        using var data = SmallRuns.Data(folder);
        using var model = new Plain();
        ModelCheckpoint.Save(model, folder.Under("saved"), data.Tokenizer);
        var full = Assert.Throws<InputException>(() => ModelCheckpoint.Save(model, folder.Under("saved"), data.Tokenizer));
        Assert.Contains("not empty", full.Message, StringComparison.Ordinal);
        using var byHand = new HandWritten.SmallTransformer();
        var undeclared = Assert.Throws<InputException>(() => ModelCheckpoint.Save(byHand, folder.Under("other"), null));
        Assert.Contains("SmallTransformer is in no catalog", undeclared.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Under("other")));
        ModelCheckpoint.Load(folder.Under("saved")).Dispose();
    }

    [Fact]
    public void Adapters_are_not_loaded_over_merged_ones()
    {
        using var model = Disturbed(Tuned(new Plain(), Lora));
        AdapterFolder.Write(folder.Under("adapter"), model);
        Merged(model);
        Assert.Contains(
            "merged",
            Assert.Throws<InputException>(() => AdapterFolder.Load(folder.Under("adapter"), model)).Message,
            StringComparison.Ordinal
        );
    }

    private static string Text(LanguageModel model, LowRank.Training.Tokenization.Tokenizer tokenizer) =>
        string.Concat(new TextGenerator(model, tokenizer).Generate("The", 12, new SamplingOptions { Temperature = 0 }));

    private static List<double> Train(LanguageModel model, int steps)
    {
        using var optimizer = optim.AdamW(model.parameters().Where(parameter => parameter.requires_grad), lr: 0.02);
        using var numbers = arange(64, ScalarType.Int64);
        using var ids = numbers.remainder(11);
        using var tokens = ids.view(2, 32);
        using var inputs = tokens.slice(1, 0, 31, 1);
        using var following = tokens.slice(1, 1, 32, 1);
        using var targets = following.reshape(-1);
        var losses = new List<double>();
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var loss = nn.functional.cross_entropy(model.forward(inputs).view(-1, model.Vocabulary), targets);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            losses.Add(loss.item<float>());
        }

        return losses;
    }

    private static double Norm(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().norm().to(ScalarType.Float64).item<double>();
    }

    private static LanguageModel Tuned(LanguageModel model, FineTuningOptions options)
    {
        FineTuner.Plan(model, options).ApplyTo(model, options);
        return model;
    }

    private static LanguageModel At(long step, LanguageModel model)
    {
        using var scope = model.BeginStep(step, 12);
        scope.Skip();
        return model;
    }

    private static LanguageModel Merged(LanguageModel model)
    {
        foreach (var layer in model.modules().OfType<LoraLinear>())
            layer.Merge();
        return model;
    }

    // As after training: no factor, guide or adapter is what it was drawn as.
    private static LanguageModel Disturbed(LanguageModel model)
    {
        using var noGradient = no_grad();
        using var generator = new TorchSharp.torch.Generator(11);
        foreach (var (_, parameter) in model.named_parameters())
        {
            using var noise = randn(parameter.shape, parameter.dtype, generator: generator);
            parameter.add_(noise, 0.1);
        }

        return model;
    }
}
