using LowRank.Decoding;
using LowRank.Layers;
using LowRank.Models;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>Decoding over raw memory and through the layers: prompts, caches of different lengths, bfloat16, merged weights.</summary>
public sealed class DecoderTests
{
    [Theory]
    [InlineData("GptForm")]
    [InlineData("QwenForm")]
    [InlineData("PythiaForm")]
    [InlineData("Unusual")]
    [InlineData("Alternating")]
    [InlineData("Patchwork")]
    [InlineData("GemmaForm")]
    [InlineData("OlmoForm")]
    [InlineData("SideBySideAfter")]
    [InlineData("MixtralForm")]
    [InlineData("MixtureAfter")]
    [InlineData("DeepSeekForm")]
    [InlineData("SwitchForm")]
    [InlineData("LatentForm")]
    [InlineData("LatentPlain")]
    [InlineData("NeoForm")]
    [InlineData("ScaledForm")]
    [InlineData("CappedForm")]
    [InlineData("FactorForm")]
    public void A_sequence_gets_alone_what_it_gets_beside_others_bit_for_bit(string name)
    {
        using var model = Model(name, new ModelOptions { Seed = 6 });
        using var decoder = new Decoder(model);
        Assert.True(decoder.IsFused);
        int[][] prompts =
        [
            [1, 2, 3],
            [4],
            [5, 6, 7, 8, 9, 10],
            [11, 12],
            [13, 14, 15, 16],
            [17],
            [18, 19],
        ];
        var alone = prompts
            .Select(prompt =>
            {
                using var cache = new KeyValueCache(1, 32);
                decoder.Read(prompt, cache);
                return Enumerable.Range(0, 10).Select(step => decoder.Read([step * 7], cache).ToArray()).ToArray();
            })
            .ToArray();

        var caches = prompts.Select(_ => new KeyValueCache(1, 32)).ToArray();
        for (var index = 0; index < prompts.Length; index++)
            decoder.Read(prompts[index], caches[index]);
        for (var step = 0; step < 10; step++)
        {
            var logits = decoder.ReadNext(Enumerable.Repeat(step * 7, prompts.Length).ToArray(), caches);
            for (var index = 0; index < prompts.Length; index++)
                Assert.Equal(alone[index][step], logits.Slice(index * model.Vocabulary, model.Vocabulary).ToArray());
        }

        foreach (var cache in caches)
            cache.Dispose();
    }

    [Theory]
    [InlineData("GptForm")]
    [InlineData("QwenForm")]
    [InlineData("Unusual")]
    [InlineData("GemmaForm")]
    [InlineData("OlmoForm")]
    [InlineData("LatentForm")]
    [InlineData("CappedForm")]
    public void In_brain_floats_it_is_as_close_to_single_precision_as_the_layers_are(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var exact = Model(name, new ModelOptions { Seed = 6 });
        using var mixed = Model(name, new ModelOptions { Seed = 6, ComputeType = ScalarType.BFloat16 });
        var tokens = randint(0, 300, [1, 24], ScalarType.Int64);
        var ids = tokens.data<long>().Select(id => (int)id).ToArray();
        var expected = exact.forward(tokens);
        var layers = (mixed.forward(tokens) - expected).abs().max().item<float>();
        using var decoder = new Decoder(mixed);
        Assert.True(decoder.IsFused);
        using var cache = new KeyValueCache(1, 32);
        // A prompt through the layers first: both read the same cache.
        decoder.Read(ids.AsSpan(0, 8), cache);
        for (var position = 8; position < 24; position++)
        {
            var logits = tensor(decoder.Read([ids[position]], cache).ToArray());
            var error = (logits - expected[0, position]).abs().max().item<float>();
            Assert.True(error <= 1.5 * layers, $"{error}, the layers {layers}");
        }
    }

    [Fact]
    public void Merged_weights_are_gone_with_the_decoder()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = new SmallDeclared(new ModelOptions { Seed = 4 });
        using var end = model.BeginStep(10, 10);
        var names = model.state_dict().Keys.ToList();
        var tokens = randint(0, 512, [1, 16], ScalarType.Int64);
        var before = model.forward(tokens);
        var flops = model.LiveForwardFlopsPerToken(16);
        using (var decoder = new Decoder(model, DecodingWeights.Merged))
        using (var second = new Decoder(model, DecodingWeights.Merged))
        {
            Assert.Equal(model.FactoredLinears.Count(), decoder.MergedLayers);
            decoder.Dispose();
            var during = model.forward(tokens);
            Assert.True(allclose(before, during, 1e-4, 1e-5));
            Assert.False(before.eq(during).all().item<bool>());
            Assert.Equal(names, model.state_dict().Keys);
            Assert.Equal(flops, model.LiveForwardFlopsPerToken(16));
            // Whoever trains meanwhile trains the factors.
            using var gradients = enable_grad();
            model.forward(tokens).square().sum().backward();
            Assert.All(model.FactoredLinears, linear => Assert.NotNull(linear.U.grad));
        }

        Assert.True(before.eq(model.forward(tokens)).all().item<bool>());
    }

    [Fact]
    public void Full_caches_and_wrong_numbers_of_tokens_are_refused()
    {
        using var model = new SmallDeclared(new ModelOptions { Seed = 4 });
        using var decoder = new Decoder(model);
        using var cache = new KeyValueCache(2, 1);
        Assert.Throws<ArgumentException>(() => decoder.Read([1, 2, 3], cache));
        Assert.Throws<ArgumentException>(() => decoder.ReadNext([1], [cache]));
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.Read([1, 512], cache));
        decoder.Read([1, 2], cache);
        Assert.Throws<InvalidOperationException>(() => decoder.Read([1, 2], cache));
        using var longer = new KeyValueCache(1, model.Context + 1);
        decoder.Read(Enumerable.Repeat(1, model.Context).ToArray(), longer);
        Assert.Throws<InvalidOperationException>(() => decoder.Read([1], longer));
    }

    private static LanguageModel Model(string name, ModelOptions options)
    {
        var model = ModelCatalog.Models.Single(entry => entry.FullName == "LowRank.EndToEnd.Tests.Models." + name).Create(options);
        using var step = model.BeginStep(1, 10);
        step.Skip();
        return model;
    }
}
