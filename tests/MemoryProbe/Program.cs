using System.Globalization;
using LowRank;
using LowRank.Costs;
using LowRank.Layers;
using LowRank.MemoryProbe;
using LowRank.Training.Evaluation;
using LowRank.Training.Loop;
using LowRank.Training.Optimization;
using LowRank.Training.Pretrained;
using static TorchSharp.torch;

// MODEL load fp32|bf16 fp32|bf16: loads a checkpoint of the first type into weights of the second, and prints the same of that.
if (args[1] == "load")
{
    var loaded = ModelCatalog.Models.Single(model => model.Name == args[0]);
    Console.WriteLine(LoadProbe.Measure(loaded, WeightPrecisionNames.Parse(args[2]), WeightPrecisionNames.Parse(args[3])));
    return;
}

// MODEL SEQUENCES start|end|adapters fp32|bf16: trains one step and prints the bytes predicted and those by which the resident memory grew.
var (name, sequences, phase, mixed) = (args[0], int.Parse(args[1], CultureInfo.InvariantCulture), args[2], args[3] == "bf16");
var (guided, adapted) = (phase == "start", phase == "adapters");
var entry = ModelCatalog.Models.Single(model => model.Name == name);

// A first step loads libraries and starts threads. It has the shapes of the measured one: the library of the products compiles code for
// each shape and keeps it, megabytes where the processor has instructions for bf16.
Train(sequences, entry.Cost.Context, () => { });
MemoryWatch.ReturnUnusedMemory();
var before = ResidentMemory.Current;
Train(sequences, entry.Cost.Context, ResidentMemory.ResetPeak);
var grown = ResidentMemory.Peak - before;

var memory = entry.Cost.Memory!;
var phases = mixed ? memory.MixedPrecision : memory.FullPrecision;
var working = guided ? phases.AtStart : phases.AtEnd;
var state = StateMemoryFormula.Of(entry.Cost.Parameters, guided ? entry.Cost.GuideParameters : 0);
if (adapted)
    (working, state) = (working with { KeptPerToken = entry.Cost.Adapters!.ActivationBytesPerToken }, entry.Cost.Adapters.StateBytes);
var predicted = state + working.Of((long)sequences * entry.Cost.Context);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{predicted} {grown}"));

void Train(int batch, int length, Action atStart)
{
    using var model = entry.Create(
        new ModelOptions
        {
            Guided = guided,
            Adapters = adapted,
            Initialize = false,
            ComputeType = mixed ? ScalarType.BFloat16 : null,
        }
    );
    using var parameters = new FlatParameters(model);
    var optimizer = new AdamW(parameters, new AdamWOptions(0.9, 0.95, 1e-8, 0.1, 1.0));
    using var tokens = zeros([batch, length], ScalarType.Int64);
    using var targets = zeros([batch, length], ScalarType.Int64);
    atStart();
    using var scope = model.BeginStep(0, 10);
    using var loss = NextTokenLoss.Backward(model, tokens, targets, 1.0 / (batch * length), scope.Tape);
    scope.Update(() => optimizer.Step(1e-4));
}
