extern alias runtime;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using runtime::LowRank;
using LowRank.Generator.Checks;
using LowRank.Generator.Costs;
using LowRank.Generator.Model;
using LowRank.Generator.Tests.Harness;
using runtime::LowRank.Decoding;
using runtime::LowRank.Layers;
using runtime::LowRank.Models;
using static TorchSharp.torch;

namespace LowRank.Generator.Tests.Emission;

/// <summary>Generated models built and run: the constants are held against live tensors, decoding against the whole forward pass.</summary>
public sealed class LiveModelTests
{
    private const long Steps = 8;

    private static readonly Lazy<Dictionary<string, ModelEntry>> Models = new(Load);

    private static readonly ConcurrentDictionary<string, TransformerModel> Declared = new(StringComparer.Ordinal);

    public static TheoryData<string> Names =>
        [
            "Published.Gpt2",
            "Published.Llama",
            "Published.Mistral",
            "Published.Pythia",
            "Published.Qwen3",
            "Published.Gemma3",
            "Published.Olmo2",
            "Published.Gemma2",
            "Published.Granite",
            "Published.GptNeo",
            "Published.Llama31",
            "Layered.ParallelAfter",
            "Published.DeepSeek",
            "Published.DeepSeek.Dense",
            "Layered.LatentHybrid",
            "NoPositions",
            "Factored.AllLowRank",
            "Factored.AllLowRank.Dense",
            "Factored.AllLowRank.FlopMatched",
            "Factored.Mixed",
            "Factored.NoGuide",
            "Factored.FactorOptions",
            "Factored.FactorOptions.Dense",
            "Nesting.Deep.Outer.Middle.Inner",
            "Written.Constants",
            "Written.Parts",
            "Layered.Hybrid",
            "Layered.Hybrid.Dense",
            "Layered.Hybrid.FlopMatched",
            "Layered.ParallelHybrid",
            "Written.Surrounding.Forms",
            "Written.SplitAttributes",
            "event.class.record",
            "Hostile.System.LowRank.TorchSharp.Adversary",
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Constants_are_those_of_the_live_module(string name)
    {
        var entry = Models.Value[name];
        using var model = entry.Create(new ModelOptions());
        var context = entry.Cost.Context;
        Assert.Equal(entry.Cost.ParametersAtStart, Parameters(model));
        Assert.Equal(entry.Cost.Guides.Count > 0, model.HasGuide);
        Assert.Equal(
            entry.Cost.Sublayers.Where(part => part.Kind is "attention" or "feed-forward").Select(part => part.Name).Distinct(),
            model.Sublayers.Select(sublayer => sublayer.Name)
        );

        // A step whose Sampled guides are all drawn: α is 1 at step 0, and every draw lies below it.
        using (var first = model.BeginStep(0, Steps))
        {
            Assert.Equal(entry.Cost.GuidedForwardFlopsPerToken, model.LiveForwardFlopsPerToken(context));
            Assert.Equal(entry.Cost.Guides.Sum(guide => guide.ProjectionFlopsPerStep), model.LiveProjectionFlops());
            first.Skip();
        }

        using var end = model.BeginStep(Steps, Steps);
        Assert.False(model.HasGuide);
        Assert.Equal(entry.Cost.Parameters, Parameters(model));
        Assert.Equal(entry.Cost.ForwardFlopsPerToken, model.LiveForwardFlopsPerToken(context));
        Assert.Equal(0, model.LiveProjectionFlops());
        Assert.DoesNotContain(model.state_dict().Keys, key => key.Contains("guide", StringComparison.Ordinal));
        // Every parameter has one name: what is registered twice is saved twice.
        Assert.Equal(model.state_dict().Count, model.parameters().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decoding_token_by_token_gives_the_logits_of_the_whole_sequence(string name)
    {
        using var noGradient = no_grad();
        using var model = Models.Value[name].Create(new ModelOptions { DataType = ScalarType.Float64, Seed = 3 });
        using var step = model.BeginStep(1, Steps);
        using var tokens = randint(0, model.Vocabulary, [2, 12], ScalarType.Int64);
        using var whole = model.forward(tokens);
        Assert.Equal([2, 12, model.Vocabulary], whole.shape);
        using var cache = new KeyValueCache(2, 12);
        for (var position = 0; position < 12; )
        {
            var count = position switch
            {
                0 => 5,
                5 => 3,
                _ => 1,
            };
            using var piece = tokens.narrow(1, position, count);
            using var logits = model.Decode(piece, cache);
            position += count;
            using var expected = whole.select(1, position - 1);
            Assert.True(allclose(logits, expected, 1e-10, 1e-10), $"after {position} tokens");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_decoder_over_raw_memory_gives_the_logits_of_the_whole_sequence(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = Models.Value[name].Create(new ModelOptions { Initialize = false });
        // Nothing may hide behind a gain of 1 or a bias of 0.
        using var generator = new TorchSharp.torch.Generator(11);
        foreach (var parameter in model.parameters())
            parameter.normal_(0, 0.3, generator);
        using var step = model.BeginStep(1, Steps);
        var tokens = randint(0, model.Vocabulary, [2, 12], ScalarType.Int64, generator: generator);
        var ids = tokens.data<long>().Select(id => (int)id).ToArray();
        var whole = model.forward(tokens);
        var largest = whole.abs().max().item<float>();
        foreach (var weights in Enum.GetValues<DecodingWeights>())
        {
            using var decoder = new Decoder(model, weights);
            Assert.True(decoder.IsFused);
            using var cache = new KeyValueCache(2, 12);
            for (var position = 0; position < 12; position++)
            {
                var logits = decoder.Read([ids[position], ids[12 + position]], cache).ToArray();
                var error = (tensor(logits, [2, model.Vocabulary]) - whole.select(1, position)).abs().max().item<float>();
                Assert.True(error <= 1e-4 * largest, $"{error} of {largest} after {position + 1} tokens, {weights}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Logits_are_those_of_the_textbook(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = Models.Value[name].Create(new ModelOptions { DataType = ScalarType.Float64, Initialize = false });
        // Nothing may hide behind a gain of 1 or a bias of 0.
        using var generator = new TorchSharp.torch.Generator(11);
        foreach (var parameter in model.parameters())
            parameter.normal_(0, 0.3, generator);
        var tokens = randint(0, model.Vocabulary, [2, 7], ScalarType.Int64);
        var expected = new ReferenceTransformer(Declared[name], model.state_dict()).Logits(tokens);
        Assert.True(allclose(model.forward(tokens), expected, 1e-9, 1e-9));
    }

    [Theory]
    [InlineData("Published.Gpt2")]
    [InlineData("Published.Llama")]
    [InlineData("Published.Mistral")]
    [InlineData("Published.Qwen3")]
    public void Logits_of_published_architectures_in_single_precision_are_within_1e_5_of_the_textbook(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = Models.Value[name].Create(new ModelOptions { DataType = ScalarType.Float32, Initialize = false });
        using var generator = new TorchSharp.torch.Generator(11);
        foreach (var parameter in model.parameters())
            parameter.normal_(0, 0.3, generator);
        var tokens = randint(0, model.Vocabulary, [2, 16], ScalarType.Int64);
        var state = model.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.to(ScalarType.Float64));
        var expected = new ReferenceTransformer(Declared[name], state).Logits(tokens);
        var logits = model.forward(tokens);
        Assert.Equal(ScalarType.Float32, logits.dtype);
        // Of the largest logit: a single one near 0 is a difference of large numbers.
        var error = (logits.to(ScalarType.Float64) - expected).abs().max().item<double>() / expected.abs().max().item<double>();
        Assert.True(error < 1e-5, $"{error}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_parameter_learns(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Models.Value[name].Create(new ModelOptions { Seed = 1 });
        using var step = model.BeginStep(1, Steps);
        using var tokens = randint(0, model.Vocabulary, [2, 12], ScalarType.Int64);
        using var logits = model.forward(tokens);
        using var loss = logits.square().mean();
        loss.backward();
        step.Update(() => { });
        // A sampled guide that was not drawn sits the step out.
        Assert.All(
            model.named_parameters().Where(parameter => !parameter.name.EndsWith(".guide", StringComparison.Ordinal)),
            parameter => Assert.True(parameter.parameter.grad is { } gradient && gradient.isfinite().all().item<bool>(), parameter.name)
        );
    }

    private static long Parameters(LanguageModel model) => model.parameters().Sum(parameter => parameter.NumberOfElements);

    private static Dictionary<string, ModelEntry> Load()
    {
        foreach (
            var sources in new[]
            {
                DiverseDeclarations.All.Where(pair => pair.Key != "Hostile"),
                DiverseDeclarations.All.Where(pair => pair.Key == "Hostile"),
            }
        )
        {
            using var image = new MemoryStream();
            var run = GeneratorRun.Of([.. sources.Select(pair => pair.Value)]);
            foreach (
                var costed in run
                    .Result.TrackedSteps[TrackingNames.Checked]
                    .SelectMany(step => step.Outputs)
                    .Select(output => output.Value)
                    .OfType<Checked<TransformerDeclaration, CostedTransformer>>()
                    .Select(declared => declared.Costed!)
            )
            {
                Declared[costed.Model.Type.FullName] = costed.Model;
                if (costed.Dense is { } dense)
                    Declared[costed.Model.Type.FullName + ".Dense"] = dense.Model;
                if (costed.FlopMatch?.Model is { } matched)
                    Declared[costed.Model.Type.FullName + ".FlopMatched"] = matched.Model;
            }

            Assert.True(run.Compilation.Emit(image).Success);
            image.Position = 0;
            var assembly = AssemblyLoadContext.Default.LoadFromStream(image);
            RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
        }

        return ModelCatalog
            .Models.SelectMany(entry => new[] { entry, entry.Dense, entry.FlopMatched })
            .Where(entry => entry is not null)
            .ToDictionary(entry => entry!.FullName, entry => entry!);
    }
}
