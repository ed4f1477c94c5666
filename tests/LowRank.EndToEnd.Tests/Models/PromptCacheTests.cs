using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Generation;
using LowRank.Training.Tokenization;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>Of a prompt that begins like the text before only what follows is read, and the same tokens are drawn.</summary>
public sealed class PromptCacheTests
{
    private const int Drawn = 8;
    private static readonly SamplingOptions Sampling = new() { Temperature = 1, Seed = 3 };

    // 256 bytes, 43 merges and the end of a text.
    private readonly Tokenizer tokenizer = Tokenizer.FromMerges([.. Enumerable.Range(0, 43).Select(id => (id, id))]);

    [Theory]
    [InlineData("QwenForm")]
    [InlineData("GptForm")]
    [InlineData("Alternating")]
    [InlineData("GemmaForm")]
    [InlineData("CappedForm")]
    [InlineData("LatentForm")]
    [InlineData("LatentHybrid")]
    [InlineData("MixtralForm")]
    [InlineData("UntiedLanguageModel")]
    [InlineData("PartedForm", true)]
    public void A_text_goes_on_as_it_does_without(string name, bool isRecurrent = false)
    {
        using var model = ModelCatalog.Models.Single(entry => entry.Name == name).Create(new ModelOptions { Seed = 6 });
        var generator = new TextGenerator(model, tokenizer);
        using var decoder = generator.NewDecoder();
        using var cache = generator.NewCache();
        int[] first = [1, 2, 3, 4, 5, 6];
        var answer = Alone(model, first);
        Assert.Equal(Drawn, answer.Length);
        Assert.Equal(6, Read(first));
        // The last token of the answer was drawn and not read.
        Assert.Equal(3, Read([.. first, .. answer, 7, 8]));
        // A state of all tokens can't be taken back to the fourth.
        Assert.Equal(isRecurrent ? 7 : 3, Read([1, 2, 3, 4, 9, 10, 11]));
        Assert.Equal(isRecurrent ? 7 : 1, Read([1, 2, 3, 4, 9, 10, 11]));
        Assert.Equal(model.Context, Read([.. Enumerable.Range(1, model.Context + 5)]));
        Assert.Equal(6, Read([20, 1, 2, 3, 4, 9]));

        long Read(int[] prompt)
        {
            var before = generator.Speed.PromptTokens;
            var text = string.Concat(generator.Generate(prompt, Drawn, Sampling, decoder, cache, CancellationToken.None));
            var other = new TextGenerator(model, tokenizer);
            Assert.Equal(string.Concat(other.Generate(prompt, Drawn, Sampling, CancellationToken.None)), text);
            Assert.Equal(Math.Min(prompt.Length, model.Context), other.Speed.PromptTokens);
            return generator.Speed.PromptTokens - before;
        }
    }

    private int[] Alone(LanguageModel model, int[] prompt) => [.. new TextGenerator(model, tokenizer).Continue(prompt, Drawn, Sampling)];
}
