using LowRank.EndToEnd.Tests.Models;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training.Loop;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Modules;

/// <summary>Adapters that a module declares: by itself, and in the blocks of a transformer.</summary>
public sealed class AdaptedModuleTests
{
    [Fact]
    public void By_itself_it_trains_its_adapters_alone()
    {
        using var scope = NewDisposeScope();
        using var module = new AdaptedMixer(new ModelOptions { Adapters = true, Seed = 3 });
        var trained = module.named_parameters().Where(named => named.parameter.requires_grad).ToList();
        Assert.Equal(["in.lora.a", "in.lora.b", "out.lora.a", "out.lora.b"], trained.Select(named => named.name).Order());
        Assert.Equal(AdaptedMixer.Cost.AdapterParameters, trained.Sum(named => named.parameter.NumberOfElements));
        using var parameters = new FlatParameters(module);
        var optimizer = new AdamW(parameters, new AdamWOptions(0.9, 0.99, 1e-8, WeightDecay: 0, ClipNorm: 1));
        var (x, target) = (randn(2, 5, 32), randn(2, 5, 32));
        var (first, last) = (0.0, 0.0);
        for (var step = 0; step < 40; step++)
        {
            using var update = module.BeginStep(step, 40);
            using var loss = nn.functional.mse_loss(module.forward(x), target);
            loss.backward();
            update.Update(() => optimizer.Step(0.02));
            last = loss.item<float>();
            first = step == 0 ? last : first;
        }

        Assert.True(last < 0.9 * first, $"{first} → {last}");
    }

    [Fact]
    public void In_a_transformer_they_are_counted_and_trained_with_its_own()
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var entry = ModelCatalog.Find(typeof(AdaptedHybrid).FullName!).Single();
        using (var model = entry.Create(new ModelOptions { Adapters = true, Initialize = false }))
        {
            Assert.Equal(entry.Cost.Adapters!.Linears, model.LoraAdapters.Count());
            Assert.Equal(
                entry.Cost.Adapters.Parameters,
                model.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.NumberOfElements)
            );
            Assert.Equal(entry.Cost.Adapters.ForwardFlopsPerToken, model.LiveForwardFlopsPerToken(model.Context));
            Assert.Equal(entry.Cost.Adapters.TrainingFlopsPerToken, model.LiveTrainingFlopsPerToken(model.Context));
        }

        var log = new StepLog();
        _ = new Trainer(entry, Variant.Lora, data, SmallRuns.Options(null), log).Run(default);
        Assert.Equal(SmallRuns.Steps, log.Steps.Count);
    }
}
