using LowRank.Decoding;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Generation;
using LowRank.Training.Pretrained;
using LowRank.Training.Runs;
using LowRank.Training.Tokenization;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>
/// LongRoPE: all tokens of a text above the original context, 16 here, turn by other frequencies than those of a shorter one.
/// </summary>
public sealed class LongRopeTests : IDisposable
{
    private const int ShortContext = 16;
    private static readonly SamplingOptions Likeliest = new() { Temperature = 0 };

    private readonly WorkFolder folder = new();
    private readonly RandomCheckpoint checkpoint = RandomCheckpoint.Create("phi3-long");
    private readonly PretrainedModel loaded;
    private readonly string path;

    // 256 bytes, 63 merges and the end of a text.
    private readonly Tokenizer tokenizer = Tokenizer.FromMerges([.. Enumerable.Range(0, 63).Select(id => (id, id))]);

    public LongRopeTests()
    {
        path = checkpoint.Save(folder.Under("hf"));
        loaded = PretrainedModel.Load(ModelCatalog.Find(checkpoint.Model).Single(), Variant.Dense, path);
    }

    private LanguageModel Model => loaded.Model;

    public void Dispose()
    {
        loaded.Dispose();
        checkpoint.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(32)]
    public void The_length_of_the_text_chooses_the_frequencies(int length)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var ids = randint(0, 320, [2, length], ScalarType.Int64);
        Assert.Equal(0, (Model.forward(ids) - ReferenceLogits.Of(path, ids)).abs().max().item<float>(), 1e-5);
    }

    [Fact]
    public void A_text_that_grows_past_the_original_context_is_read_again()
    {
        int[] prompt = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        var generator = new TextGenerator(Model, tokenizer);
        var drawn = generator.Continue(prompt, 20, Likeliest).ToArray();
        Assert.Equal(20, drawn.Length);
        Assert.Equal(Whole(prompt, 20), drawn);
        // Together with others, too.
        Assert.All(
            generator.ContinueAll([prompt, [.. prompt.Reverse()], prompt], 20, Likeliest).Where((_, index) => index != 1),
            text => Assert.Equal(drawn, text)
        );
    }

    [Fact]
    public void A_cache_of_one_length_is_not_gone_on_with_as_one_of_the_other()
    {
        var generator = new TextGenerator(Model, tokenizer);
        using var decoder = generator.NewDecoder();
        using var cache = generator.NewCache();
        int[] few = [1, 2, 3, 4, 5, 6];
        int[] many = [.. few, .. Enumerable.Range(20, 14)];
        Assert.Equal((6, 20, 6, 1), (Read(few), Read(many), Read(few), Read([.. few])));
        Assert.Equal((20, 1), (Read(many), Read([.. many])));

        long Read(int[] prompt)
        {
            var before = generator.Speed.PromptTokens;
            var text = string.Concat(generator.Generate(prompt, 3, Likeliest, decoder, cache, CancellationToken.None));
            Assert.Equal(string.Concat(new TextGenerator(Model, tokenizer).Generate(prompt, 3, Likeliest, CancellationToken.None)), text);
            return generator.Speed.PromptTokens - before;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whoever_goes_on_with_such_a_cache_is_told(int further)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var decoder = new Decoder(Model);
        Assert.True(decoder.IsFused);
        using var cache = new KeyValueCache(1, 32);
        decoder.Read(Enumerable.Range(0, ShortContext).ToArray(), cache);
        int[] more = [.. Enumerable.Range(0, further)];
        Assert.Contains(
            "clear the cache",
            Assert.Throws<InvalidOperationException>(() => decoder.Read(more, cache)).Message,
            StringComparison.Ordinal
        );
        cache.Clear();
        decoder.Read(Enumerable.Range(0, ShortContext + 1).ToArray(), cache);
        decoder.Read(more, cache);
        cache.Truncate(4);
        Assert.Throws<InvalidOperationException>(() => decoder.Read(more, cache));
    }

    [Theory]
    [InlineData(14)]
    [InlineData(16)]
    [InlineData(20)]
    public void A_packed_document_turns_by_its_own_length(int first)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var ids = randint(0, 320, [1, 32], ScalarType.Int64);
        using var documents = new PackedDocuments(
            [
                [0, first],
            ],
            32
        );
        var packed = Model.HiddenPacked(ids, documents);
        Assert.Equal(0, (packed.narrow(1, 0, first) - Model.Hidden(ids.narrow(1, 0, first))).abs().max().item<float>(), 1e-5);
        Assert.Equal(
            0,
            (packed.narrow(1, first, 32 - first) - Model.Hidden(ids.narrow(1, first, 32 - first))).abs().max().item<float>(),
            1e-5
        );
    }

    // A whole pass for each token.
    private int[] Whole(int[] prompt, int count)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        List<int> text = [.. prompt];
        while (text.Count < prompt.Length + count)
        {
            var ids = tensor(text.Select(id => (long)id).ToArray()).unsqueeze(0);
            text.Add((int)Model.forward(ids)[0, -1].argmax().item<long>());
        }

        return [.. text.Skip(prompt.Length)];
    }
}
