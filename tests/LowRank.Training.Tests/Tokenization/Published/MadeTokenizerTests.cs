using System.Diagnostics;
using System.Text;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Tests.Tokenization.Published;

/// <summary>
/// Every kind of model, normalizer, pre-tokenizer and decoder gives the ids and the text that Hugging Face's library gives.
/// </summary>
public sealed class MadeTokenizerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> All => [.. MadeTokenizers.All.Keys];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(All))]
    public void Ids_and_text_are_those_of_the_reference(string name)
    {
        ReferenceTokenizer.Require();
        var path = folder.Write("tokenizer.json", MadeTokenizers.All[name]().ToJsonString());
        var ours = Tokenizer.Load(path);
        using var reference = new ReferenceTokenizer(path);
        Assert.All(VariedTexts.For(ours).Where(text => text.Length < 300), text => reference.AssertEqual(ours, text));
    }

    [Theory]
    [InlineData("BPE, LLaMA 2")]
    [InlineData("Unigram with bytes, LLaMA 2")]
    public void A_long_text_without_a_space_takes_little_more_than_its_length(string name)
    {
        var tokenizer = Tokenizer.Load(folder.Write("tokenizer.json", MadeTokenizers.All[name]().ToJsonString()));
        var random = new Random(6);
        var text = string.Create(
            1_000_000,
            random,
            (letters, chance) =>
            {
                foreach (ref var letter in letters)
                    letter = "thellowringé"[chance.Next(12)];
            }
        );
        var began = Stopwatch.GetTimestamp();

        Assert.Equal(text, Encoding.UTF8.GetString(tokenizer.Decode(tokenizer.Encode(text))));
        // A second or two; with the square of its length it would be hours.
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }
}
