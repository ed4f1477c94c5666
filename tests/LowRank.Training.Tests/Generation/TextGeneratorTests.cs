using LowRank.EndToEnd.Tests.HandWritten;
using LowRank.Layers;
using LowRank.Training.Generation;
using LowRank.Training.Tests.Loop;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Generation;

public sealed class TextGeneratorTests(TrainingText text) : IDisposable
{
    private readonly SmallTransformer model = Model();

    [Fact]
    public void With_the_cache_it_draws_what_whole_passes_would_draw()
    {
        var sampling = new SamplingOptions
        {
            Temperature = 1,
            TopK = 40,
            Seed = 9,
        };
        IReadOnlyList<int> prompt = text.Data.Tokenizer.Encode("The layer computes");
        var generated = new TextGenerator(model, text.Data.Tokenizer).Continue(prompt, 64 - prompt.Count, sampling).ToArray();

        var sampler = new Sampler(sampling);
        var expected = new List<int>();
        while (expected.Count < generated.Length)
            expected.Add(sampler.Sample(Logits([.. prompt, .. expected])));
        Assert.True(generated.Length > 20, $"{generated.Length} tokens are too few to show anything.");
        Assert.Equal(expected, generated);
    }

    [Fact]
    public void Past_the_context_it_goes_on_with_the_last_half()
    {
        IReadOnlyList<int> prompt = text.Data.Tokenizer.Encode("A model");
        var generator = new TextGenerator(model, text.Data.Tokenizer);
        // An untrained model may end its text at any token: with the first seed by which it doesn't.
        var (sampling, generated) = Enumerable
            .Range(2, 50)
            .Select(seed => new SamplingOptions
            {
                Temperature = 1,
                TopK = 5,
                Seed = seed,
            })
            .Select(options => (options, generator.Continue(prompt, 200, options).ToArray()))
            .First(run => run.Item2.Length == 200);

        // The first token that the full cache has no room for: drawn from the last 32 tokens alone.
        var sampler = new Sampler(sampling);
        for (var drawn = 0; prompt.Count + drawn <= 64; drawn++)
            Assert.Equal(generated[drawn], sampler.Sample(Logits([.. prompt, .. generated.Take(drawn)])));
        int[] read = [.. prompt, .. generated.Take(65 - prompt.Count)];
        Assert.Equal(generated[65 - prompt.Count], sampler.Sample(Logits(read[^32..])));
    }

    [Fact]
    public void The_text_is_that_of_the_tokens_and_comes_in_whole_characters()
    {
        var tokenizer = text.Data.Tokenizer;
        var generator = new TextGenerator(model, tokenizer);
        var sampling = new SamplingOptions { Temperature = 3, Seed = 4 };
        string[] pieces = [.. generator.Generate("α", 60, sampling)];
        int[] ids = [.. generator.Continue(tokenizer.Encode("α"), 60, sampling)];
        Assert.Equal(System.Text.Encoding.UTF8.GetString(tokenizer.Decode(ids)), string.Concat(pieces));
        Assert.All(pieces, piece => Assert.NotEqual("", piece));
        Assert.Equal(pieces, generator.Generate("α", 60, sampling));
    }

    [Fact]
    public void It_stops_at_the_end_of_the_text_and_when_asked()
    {
        var tokenizer = text.Data.Tokenizer;
        var generator = new TextGenerator(model, tokenizer);
        using var stop = new CancellationTokenSource();
        var count = 0;
        foreach (var _ in generator.Continue([1, 2, 3], 50, new SamplingOptions { TopK = 3 }, stop.Token))
        {
            if (++count == 4)
                stop.Cancel();
        }

        Assert.Equal(4, count);

        // A head whose only row that is not zero answers this prompt: the end of the text is the likeliest token.
        using var noGradient = no_grad();
        using var input = tensor(new long[] { 1, 2, 3 }, [1, 3]);
        using var hidden = model.Hidden(input);
        using var last = hidden[0, 2];
        model.HeadWeight.zero_();
        using var row = model.HeadWeight[tokenizer.EndOfText];
        row.copy_(last);
        Assert.Empty(generator.Continue([1, 2, 3], 50, new SamplingOptions { Temperature = 0 }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Several_texts_grow_as_each_would_alone(double temperature)
    {
        var sampling = new SamplingOptions
        {
            Temperature = temperature,
            TopK = 30,
            Seed = 8,
        };
        var generator = new TextGenerator(model, text.Data.Tokenizer);
        // More than one group, of different lengths, one longer than the context, one without a token.
        List<IReadOnlyList<int>> prompts =
        [
            [],
            [.. Enumerable.Range(1, 100)],
            .. Enumerable.Range(1, 17).Select(length => (IReadOnlyList<int>)[.. Enumerable.Range(30, length)]),
        ];
        var together = generator.ContinueAll(prompts, 80, sampling).ToList();
        Assert.Equal(prompts.Count, together.Count);
        Assert.All(prompts.Zip(together), pair => Assert.Equal(generator.Continue(pair.First, 80, sampling), pair.Second));
    }

    [Fact]
    public void The_speed_counts_prompts_and_further_tokens_apart()
    {
        var generator = new TextGenerator(model, text.Data.Tokenizer);
        Assert.Equal(new GenerationSpeed(0, 0, 0, 0), generator.Speed);
        var count = generator.Continue([1, 2, 3], 30, new SamplingOptions { TopK = 3 }).Count();
        Assert.Equal(3, generator.Speed.PromptTokens);
        Assert.InRange(generator.Speed.Tokens, count - 1, count);
        Assert.True(generator.Speed.PromptTokensPerSecond > 0 && generator.Speed.TokensPerSecond > 0);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        var generator = new TextGenerator(model, text.Data.Tokenizer);
        using var scope = NewDisposeScope();
        var before = scope.DisposablesCount;
        Assert.NotEmpty(generator.Continue([1, 2, 3], 80, new SamplingOptions { TopK = 3 }));
        Assert.Equal(before, scope.DisposablesCount);
    }

    public void Dispose() => model.Dispose();

    // Past the phase-out, so that the factors compute.
    private static SmallTransformer Model()
    {
        var model = new SmallTransformer(new ModelOptions { Seed = 3 });
        using var end = model.BeginStep(10, 10);
        return model;
    }

    private float[] Logits(int[] tokens)
    {
        using var noGradient = no_grad();
        using var input = tensor(tokens.Select(id => (long)id).ToArray(), [1, tokens.Length]);
        using var logits = model.forward(input);
        using var last = logits[0, tokens.Length - 1];
        return last.data<float>().ToArray();
    }
}
