using System.Text;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Tests.Tokenization;

public sealed class BytePairTrainerTests
{
    [Fact]
    public void Merges_are_those_of_the_textbook()
    {
        IReadOnlyList<string> documents = [.. Samples.Documents(12, seed: 5), "aaaa aaaaa aaaaaaa abababab ababa bbbb", "abcabc bcabca cabcab"];
        List<string> expected = ReferenceBytePairs.Train(documents, merges: 120);

        BytePairTokenizer tokenizer = Samples.Train(documents, 257 + 120);

        Assert.Equal(expected, Enumerable.Range(0, 256 + 120).Select(id => ByteAlphabet.Write(tokenizer.TokenBytes(id))));
    }

    [Theory]
    [InlineData(257)]
    [InlineData(300)]
    [InlineData(1000)]
    public void The_vocabulary_has_the_size_asked_for_and_ends_with_end_of_text(int size)
    {
        BytePairTokenizer tokenizer = Samples.Train(Samples.Documents(600, seed: 6), size);

        Assert.Equal(size, tokenizer.VocabularySize);
        Assert.Equal(size - 1, tokenizer.EndOfText);
        Assert.All(Enumerable.Range(0, size - 1), id => Assert.NotEqual(0, tokenizer.TokenBytes(id).Length));
    }

    [Fact]
    public void Too_little_text_gives_fewer_entries_that_still_encode_everything()
    {
        BytePairTokenizer tokenizer = Samples.Train(["abab cd"], 4096);

        Assert.Equal(256 + 1 + 1, tokenizer.VocabularySize);
        Assert.Equal("anything"u8, tokenizer.Decode(tokenizer.Encode("anything")));
    }

    [Fact]
    public void No_text_gives_the_bytes_alone() => Assert.Equal(257, Samples.Train([], 4096).VocabularySize);

    [Fact]
    public void Two_runs_and_any_order_of_documents_give_the_same_tokeniser()
    {
        IReadOnlyList<string> documents = Samples.Documents(200, seed: 7);

        string first = Samples.Train(documents, 600).Fingerprint;

        Assert.Equal(first, Samples.Train(documents, 600).Fingerprint);
        Assert.Equal(first, Samples.Train(documents.Reverse(), 600).Fingerprint);
        Assert.NotEqual(first, Samples.Train(documents.Skip(100), 600).Fingerprint);
    }

    [Fact]
    public void A_long_text_without_a_space_is_no_trouble()
    {
        var random = new Random(8);
        string run = string.Concat(Enumerable.Range(0, 200_000).Select(_ => (char)('a' + random.Next(4))));

        Assert.Equal(300, Samples.Train([run], 300).VocabularySize);
    }

    [Fact]
    public void A_vocabulary_smaller_than_the_bytes_is_refused()
    {
        var error = Assert.Throws<InputException>(() => new BytePairTrainer().Train(256));

        Assert.Equal(
            "A byte-pair vocabulary of 256 is too small: the 256 bytes and the end-of-text token need 257; declare a vocabulary of at least that, such as 4096.",
            error.Message);
    }

    [Fact]
    public void Training_can_be_cancelled()
    {
        var trainer = new BytePairTrainer();
        trainer.Add(Encoding.UTF8.GetBytes(string.Join(' ', Samples.Documents(20, seed: 9))));

        Assert.Throws<OperationCanceledException>(() => trainer.Train(400, new CancellationToken(canceled: true)));
    }
}
