using LowRank.Blocks;
using LowRank.Decoding;
using LowRank.Layers;
using LowRank.Models;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>Latent attention against its definition, and read token by token from a cache of latents against the whole sequence.</summary>
public sealed class LatentAttentionTests
{
    private const int Heads = 2;
    private const int Rank = 10;
    private const int Rotated = 6;
    private const int Content = 12;
    private const int ValueSize = 8;

    [Fact]
    public void Logits_are_those_of_the_definition_in_plain_arithmetic()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = new LatentForm.Dense(new ModelOptions { Seed = 12 });
        Perturb(model);
        int[] ids = [5, 7, 299, 0, 41, 41, 18, 120, 3, 77, 250];
        var expected = Reference(model.state_dict(), ids);
        var logits = model.forward(tensor(ids, ScalarType.Int64).unsqueeze(0));
        for (var position = 0; position < ids.Length; position++)
        {
            for (var id = 0; id < 300; id++)
                Assert.Equal(expected[position][id], logits[0, position, id].item<float>(), 1e-5);
        }
    }

    [Theory]
    [InlineData("LatentForm", "Auto", true)]
    [InlineData("LatentForm", "Factored", true)]
    [InlineData("LatentForm", "Merged", true)]
    [InlineData("LatentPlain", "Auto", true)]
    [InlineData("LatentPlain", "Factored", true)]
    [InlineData("LatentPlain", "Merged", true)]
    // An activation between the factors of the keys: they are expanded.
    [InlineData("LatentHybrid", "Auto", false)]
    public void Tokens_read_from_latents_get_the_logits_of_the_whole_sequence(string name, string weights, bool isFused)
    {
        foreach (var guided in new[] { false, true })
            Compare(name, new ModelOptions { Seed = 6, Guided = guided }, Enum.Parse<DecodingWeights>(weights), isFused);
    }

    [Theory]
    [InlineData("LatentForm")]
    [InlineData("LatentPlain")]
    [InlineData("LatentHybrid")]
    public void Several_tokens_are_read_alike_absorbed_and_expanded(string name)
    {
        foreach (var absorbs in new[] { false, true })
            Compare(name, new ModelOptions { Seed = 6 }, DecodingWeights.Auto, isFused: name != "LatentHybrid", absorbs);
    }

    [Fact]
    public void A_token_behind_others_is_absorbed_and_a_prompt_is_expanded()
    {
        var sizes = new LatentSizes(Rank: 512, Rotary: 64, Content: 128, Value: 128);
        Assert.True(AbsorptionRule.PrefersAbsorbed(sizes, added: 1, tokens: 2_048));
        Assert.True(AbsorptionRule.PrefersAbsorbed(sizes, added: 16, tokens: 1_024));
        Assert.False(AbsorptionRule.PrefersAbsorbed(sizes, added: 512, tokens: 512));
        Assert.False(AbsorptionRule.PrefersAbsorbed(sizes, added: 1_024, tokens: 2_048));
    }

    [Fact]
    public void Adapters_beside_what_expands_the_latents_are_read_through_the_layers()
    {
        Compare("LatentHybrid", new ModelOptions { Seed = 6, Adapters = true }, DecodingWeights.Auto, isFused: false);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var query = new LoraLinear(Drawn(8, 4 * 6), new ModelOptions(), new LoraPart("", 0, 24, Rank: 3, Alpha: 5));
        foreach (var adapter in query.Adapters)
            adapter.B.copy_(randn(adapter.B.shape));
        var merged = query.MergedWeight().view(4, 6, 8);
        var y = randn(4, 2, 6);
        var x = randn(4, 2, 8);
        Assert.True(allclose(y.bmm(merged), HeadProducts.IntoInputs(query, y), 1e-4, 1e-5));
        var outputs = x.bmm(merged.transpose(1, 2)) + query.Bias!.view(4, 1, 6);
        Assert.True(allclose(outputs, HeadProducts.ToOutputs(query, x), 1e-4, 1e-5));
    }

    [Fact]
    public void A_cache_holds_the_latent_and_the_shared_key_of_a_token_and_nothing_else()
    {
        var cost = LatentForm.Cost.Summary;
        Assert.Equal(3 * (Rank + Rotated), cost.Memory!.KeyValuesPerToken);
        // Two heads of 18 + 8 numbers, expanded.
        Assert.True(cost.Memory.KeyValuesPerToken < 3 * Heads * (Rotated + Content + ValueSize));
        using var model = new LatentForm(new ModelOptions());
        using var cache = new KeyValueCache(2, 5);
        using var noGradient = no_grad();
        using var tokens = zeros(2, 3, ScalarType.Int64);
        model.Decode(tokens, cache).Dispose();
        Assert.Equal(cost.Memory.KeyValueCache(2, 5, mixed: false), cache.Bytes);
    }

    private static void Compare(string name, ModelOptions options, DecodingWeights weights, bool isFused, bool? absorbs = null)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = ModelCatalog.Models.Single(entry => entry.Name == name).Create(options);
        Perturb(model);
        foreach (var attention in model.modules().OfType<LatentAttention>())
            attention.Absorbs = absorbs;
        using var step = model.BeginStep(1, 10);
        step.Skip();
        var tokens = randint(0, 300, [2, 24], ScalarType.Int64);
        var expected = model.forward(tokens);
        using var decoder = new Decoder(model, weights, sequences: 2);
        Assert.Equal(isFused, decoder.IsFused);
        using var cache = new KeyValueCache(2, 32);
        foreach (var (first, count) in new[] { (0, 5), (5, 3) }.Concat(Enumerable.Range(8, 16).Select(position => (position, 1))))
        {
            var some = tokens.narrow(1, first, count).contiguous();
            var read = decoder.Read([.. some.data<long>().Select(id => (int)id)], cache).ToArray();
            var logits = tensor(read, [2, 300]);
            var error = (logits - expected.select(1, first + count - 1)).abs().max().item<float>();
            Assert.True(error < 2e-5, $"{name}, {weights}, {first}: {error}");
        }
    }

    private static void Perturb(LanguageModel model)
    {
        using var scope = NewDisposeScope();
        using var generator = new TorchSharp.torch.Generator(11);
        foreach (var (_, parameter) in model.named_parameters())
            parameter.add_(randn(parameter.shape, parameter.dtype, generator: generator), 0.05);
    }

    private static Linear Drawn(long inputs, long outputs)
    {
        var linear = new Linear(inputs, outputs, bias: true, new ModelOptions());
        using var weight = randn(linear.Weight.shape);
        using var bias = randn(linear.Bias!.shape);
        linear.Weight.copy_(weight);
        linear.Bias.copy_(bias);
        return linear;
    }

    // The paper's equations (37) to (47), one number after the other.
    private static double[][] Reference(Dictionary<string, Tensor> state, int[] ids)
    {
        var stream = ids.Select(id => Row(state["embedding.weight"], id)).ToArray();
        for (var block = 0; block < 3; block++)
        {
            var attention = $"blocks.{block}.attention.";
            var inputs = stream.Select(x => Norm(x, state[attention + "norm.weight"])).ToArray();
            var queries = inputs
                .Select(x =>
                    Times(
                        state[attention + "query.weight"],
                        Norm(Times(state[attention + "query_down.weight"], x), state[attention + "query_norm.weight"])
                    )
                )
                .ToArray();
            var down = inputs.Select(x => Times(state[attention + "key_value_down.weight"], x)).ToArray();
            var latents = down.Select(x => Norm(x[..Rank], state[attention + "key_value_norm.weight"])).ToArray();
            var keys = latents.Select(x => Times(state[attention + "key.weight"], x)).ToArray();
            var values = latents.Select(x => Times(state[attention + "value.weight"], x)).ToArray();
            for (var t = 0; t < ids.Length; t++)
            {
                var attended = new double[Heads * ValueSize];
                for (var head = 0; head < Heads; head++)
                {
                    var query = queries[t][(head * (Rotated + Content))..][..(Rotated + Content)];
                    var scores = new double[t + 1];
                    for (var s = 0; s <= t; s++)
                    {
                        var key = keys[s][(head * Content)..][..Content];
                        var rotated = Dot(Turn(query[..Rotated], t), Turn(down[s][Rank..], s));
                        scores[s] = (Dot(query[Rotated..], key) + rotated) / Math.Sqrt(Rotated + Content);
                    }

                    var exponentials = scores.Select(score => Math.Exp(score - scores.Max())).ToArray();
                    for (var s = 0; s <= t; s++)
                    {
                        for (var i = 0; i < ValueSize; i++)
                            attended[head * ValueSize + i] += exponentials[s] / exponentials.Sum() * values[s][head * ValueSize + i];
                    }
                }

                stream[t] = Plus(stream[t], Times(state[attention + "output.weight"], attended));
            }

            var feedForward = $"blocks.{block}.feed_forward.";
            for (var t = 0; t < ids.Length; t++)
            {
                var x = Norm(stream[t], state[feedForward + "norm.weight"]);
                var gate = Times(state[feedForward + "gate.weight"], x).Select(value => value / (1 + Math.Exp(-value)));
                var up = Times(state[feedForward + "up.weight"], x);
                stream[t] = Plus(stream[t], Times(state[feedForward + "down.weight"], [.. gate.Zip(up, (a, b) => a * b)]));
            }
        }

        return [.. stream.Select(x => Times(state["head.weight"], Norm(x, state["final_norm.weight"])))];
    }

    private static double[] Turn(double[] pairs, int position)
    {
        var half = pairs.Length / 2;
        var turned = new double[pairs.Length];
        for (var i = 0; i < half; i++)
        {
            var angle = position * Math.Pow(10_000, -2.0 * i / pairs.Length);
            turned[i] = pairs[i] * Math.Cos(angle) - pairs[i + half] * Math.Sin(angle);
            turned[i + half] = pairs[i + half] * Math.Cos(angle) + pairs[i] * Math.Sin(angle);
        }

        return turned;
    }

    private static double[] Norm(double[] x, Tensor gain)
    {
        var scale = 1 / Math.Sqrt(x.Sum(value => value * value) / x.Length + 1e-5);
        return [.. x.Zip(gain.data<float>(), (value, factor) => value * scale * factor)];
    }

    private static double[] Times(Tensor weight, double[] x)
    {
        var numbers = weight.data<float>().ToArray();
        return
        [
            .. Enumerable
                .Range(0, (int)weight.shape[0])
                .Select(row => Enumerable.Range(0, x.Length).Sum(i => numbers[row * x.Length + i] * x[i])),
        ];
    }

    private static double[] Row(Tensor table, int index) =>
        [.. table.data<float>().Skip(index * (int)table.shape[1]).Take((int)table.shape[1]).Select(value => (double)value)];

    private static double[] Plus(double[] left, double[] right) => [.. left.Zip(right, (a, b) => a + b)];

    private static double Dot(double[] left, double[] right) => left.Zip(right, (a, b) => a * b).Sum();
}
