using System.Text.Json;
using System.Text.RegularExpressions;
using LowRank.Training.Tokenization;
using Microsoft.ML.Tokenizers;

namespace LowRank.Training.Tests.Tokenization;

public sealed class OtherLibraryTests
{
    [Fact]
    public void Ids_are_those_of_another_implementation()
    {
        var other = Convert(Samples.Tokenizer);
        var random = new Random(1);
        IEnumerable<string> texts = Samples
            .Documents(100, seed: 12)
            .Concat(Enumerable.Range(0, 2000).Select(_ => RandomText.Next(random, 60, beyondBasicPlane: false)));
        Assert.All(texts, text => Assert.Equal(other.EncodeToIds(text), Samples.Tokenizer.Encode(text)));
    }

    private static BpeTokenizer Convert(LowRank.Training.Tokenization.Tokenizer tokenizer)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("tokenizer.json");
        tokenizer.Save(path);
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        var model = json.RootElement.GetProperty("model");
        var options = new BpeOptions(
            model.GetProperty("vocab").EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, entry.Value.GetInt32()))
        )
        {
            Merges = [.. model.GetProperty("merges").EnumerateArray().Select(merge => merge.GetString()!)],
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(new Regex(SplitPattern.Gpt2.Expression, RegexOptions.CultureInvariant), null),
        };
        return BpeTokenizer.Create(options);
    }
}
