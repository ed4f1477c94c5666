using System.Text;
using LowRank.Training.Tokenization;
using LowRank.Training.Tokenization.Normalization;

namespace LowRank.Training.Tests.Tokenization;

public sealed class BytePairTrainerTests
{
    [Fact]
    public void Merges_are_those_of_the_textbook()
    {
        IReadOnlyList<string> documents =
        [
            .. Samples.Documents(12, seed: 5),
            "aaaa aaaaa aaaaaaa abababab ababa bbbb",
            "abcabc bcabca cabcab",
        ];
        var expected = ReferenceBytePairs.Train(documents, merges: 120);

        var tokenizer = Samples.Train(documents, 257 + 120);

        Assert.Equal(expected, Enumerable.Range(0, 256 + 120).Select(id => ByteAlphabet.Write(tokenizer.Decode([id]))));
    }

    [Theory]
    [InlineData(257)]
    [InlineData(300)]
    [InlineData(1000)]
    public void The_vocabulary_has_the_size_asked_for_and_ends_with_end_of_text(int size)
    {
        var tokenizer = Samples.Train(Samples.Documents(600, seed: 6), size);

        Assert.Equal(size, tokenizer.VocabularySize);
        Assert.Equal(size - 1, tokenizer.EndOfText);
        Assert.All(Enumerable.Range(0, size - 1), id => Assert.NotEmpty(tokenizer.Decode([id])));
    }

    [Fact]
    public void Too_little_text_gives_fewer_entries_that_still_encode_everything()
    {
        var tokenizer = Samples.Train(["abab cd"], 4096);

        Assert.Equal(256 + 1 + 1, tokenizer.VocabularySize);
        Assert.Equal("anything"u8, tokenizer.Decode(tokenizer.Encode("anything")));
    }

    [Fact]
    public void No_text_gives_the_bytes_alone() => Assert.Equal(257, Samples.Train([], 4096).VocabularySize);

    [Fact]
    public void Two_runs_and_any_order_of_documents_give_the_same_tokenizer()
    {
        var documents = Samples.Documents(200, seed: 7);

        var first = Samples.Train(documents, 600).Fingerprint;

        Assert.Equal(first, Samples.Train(documents, 600).Fingerprint);
        Assert.Equal(first, Samples.Train(documents.Reverse(), 600).Fingerprint);
        Assert.NotEqual(first, Samples.Train(documents.Skip(100), 600).Fingerprint);
    }

    [Fact]
    public void A_long_text_without_a_space_is_no_trouble()
    {
        var random = new Random(8);
        var run = string.Concat(Enumerable.Range(0, 200_000).Select(_ => (char)('a' + random.Next(4))));

        Assert.Equal(300, Samples.Train([run], 300).VocabularySize);
    }

    [Fact]
    public void Merges_of_text_without_words_stay_what_they_were()
    {
        // Fingerprints of the first version, which passed over whole words.
        var random = new Random(4);
        byte[][] noise = [.. Enumerable.Range(0, 50).Select(_ => Noise(random, 4000))];
        var letters = new byte[200_000];
        for (var i = 0; i < letters.Length; i++)
            letters[i] = (byte)('a' + random.Next(3));

        var signs = string.Concat(
            Enumerable.Range(250, 20).Select(i => $"{new string('!', i)}'s {new string('!', i)}'re {new string('x', i)}'ll ")
        );
        var runs = new string('a', 77) + " " + new string('a', 33) + " abababababab abcabcabcabc ";

        Assert.Equal("59919f6d504e200720bdfb003b014a68", Train(2000, noise).Fingerprint);
        Assert.Equal("f0562aadda156f3ad4e6563036f9bf57", Train(2000, letters).Fingerprint);
        Assert.Equal("a35122de03f2983b4244b62f3f1798af", Train(800, Encoding.UTF8.GetBytes(signs)).Fingerprint);
        Assert.Equal(
            "d7fe4256d68e3ed0dee9d434b232c501",
            Train(600, Encoding.UTF8.GetBytes(new string('a', 5000)), Encoding.UTF8.GetBytes(runs)).Fingerprint
        );
    }

    [Fact]
    public void A_word_of_megabytes_costs_what_its_length_does()
    {
        // Looking for the end of the word at each of its pieces would be 10^11 steps, which the time allowed is far too short for.
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var word = new byte[8_000_000];
        var random = new Random(10);
        for (var i = 0; i < word.Length; i++)
            word[i] = (byte)('a' + random.Next(4));

        new BytePairTrainer().Add(word, limit.Token);
    }

    [Fact]
    public void Merging_looks_at_places_in_proportion_to_the_text()
    {
        var few = Visited(20_000);
        var many = Visited(160_000);

        Assert.InRange(many, 4 * few, 12 * few);
        Assert.InRange(many, 1, 6 * 160_000);
    }

    [Fact]
    public void Pairs_of_ids_have_hashes_of_their_own()
    {
        var keys = Enumerable.Range(0, 500).SelectMany(left => Enumerable.Range(0, 500).Select(right => PairKey.Of(left, right))).ToList();

        Assert.Equal(250_000, keys.Distinct().Count());
        Assert.InRange(keys.Select(key => key.GetHashCode()).Distinct().Count(), 240_000, 250_000);
    }

    [Fact]
    public void Adding_and_encoding_can_be_canceled_within_a_document()
    {
        var canceled = new CancellationToken(canceled: true);
        var text = new byte[200];
        Array.Fill(text, (byte)'a');

        Assert.Throws<OperationCanceledException>(() => new BytePairTrainer().Add(text, canceled));
        Assert.Throws<OperationCanceledException>(() => Samples.Tokenizer.Encode(text, [], false, canceled));
        Assert.Throws<OperationCanceledException>(() => UnicodeForms.Normalize("e\u0301"u8, cancellation: canceled));
    }

    [Fact]
    public void A_vocabulary_smaller_than_the_bytes_is_refused()
    {
        var error = Assert.Throws<InputException>(() => new BytePairTrainer().Train(256));

        Assert.Equal(
            "A byte-pair vocabulary of 256 is too small: the 256 bytes and the end-of-text token need 257; declare a vocabulary of at least that, such as 4096.",
            error.Message
        );
    }

    [Fact]
    public void Training_can_be_canceled()
    {
        var trainer = new BytePairTrainer();
        trainer.Add(Encoding.UTF8.GetBytes(string.Join(' ', Samples.Documents(20, seed: 9))));

        Assert.Throws<OperationCanceledException>(() => trainer.Train(400, new CancellationToken(canceled: true)));
    }

    private static Tokenizer Train(int vocabulary, params byte[][] documents)
    {
        var trainer = new BytePairTrainer();
        foreach (var document in documents)
            trainer.Add(document);

        return trainer.Train(vocabulary);
    }

    private static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static long Visited(int bytes)
    {
        var random = new Random(11);
        var words = new WordTable();
        for (var i = 0; i < bytes; i += 250)
        {
            var word = new byte[250];
            for (var j = 0; j < word.Length; j++)
                word[j] = (byte)('a' + random.Next(26));

            words.FindOrAdd(word);
        }

        var counts = new long[words.Count];
        Array.Fill(counts, 1);
        var merger = new PairMerger(words, counts, CancellationToken.None);
        merger.Merge(2000);
        return merger.Visited;
    }
}
