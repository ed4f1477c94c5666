using LowRank.Training.Tokenization;

namespace LowRank.Training.Tests.Tokenization.Published;

/// <summary>Published tokenizers give the ids and the text that Hugging Face's library gives.</summary>
public sealed class PublishedTokenizerTests
{
    public static TheoryData<string> All => [.. PublishedTokenizers.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void Ids_and_text_are_those_of_the_reference(string name)
    {
        ReferenceTokenizer.Require();
        var path = PublishedTokenizers.Find(name);
        var ours = Tokenizer.Load(path);
        using var reference = new ReferenceTokenizer(path);
        var texts = VariedTexts.For(ours);
        Assert.InRange(texts.Count, 200, int.MaxValue);
        Assert.All(texts, text => reference.AssertEqual(ours, text));
    }
}
