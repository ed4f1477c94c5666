using System.Text;
using LowRank.Training.Json;
using LowRank.Training.Tokenization;
using LowRank.Training.Tokenization.Splitting;

namespace LowRank.Training.Tests.Tokenization;

public sealed class TokenizerTests
{
    [Fact]
    public void Any_bytes_come_back_unchanged()
    {
        var random = new Random(1);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            Assert.Equal(bytes, Samples.Tokenizer.Decode(Samples.Tokenizer.Encode(bytes)));
        }
    }

    [Fact]
    public void Any_text_comes_back_unchanged()
    {
        var random = new Random(2);
        for (var i = 0; i < 3000; i++)
        {
            var text = RandomText.Next(random, 80);
            Assert.Equal(text, Encoding.UTF8.GetString(Samples.Tokenizer.Decode(Samples.Tokenizer.Encode(text))));
        }
    }

    [Fact]
    public void Lone_surrogates_become_replacement_characters() =>
        Assert.Equal("a\uFFFDb\uFFFD", Encoding.UTF8.GetString(Samples.Tokenizer.Decode(Samples.Tokenizer.Encode("a\uD83Db\uDE00"))));

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(96)]
    [InlineData(97)]
    [InlineData(300)]
    public void Short_and_long_words_are_merged_as_the_textbook_says(int length)
    {
        var random = new Random(length);
        var vocabulary = Vocabulary();
        var encoder = new WordEncoder(vocabulary);
        for (var i = 0; i < 30; i++)
        {
            var word = Encoding.UTF8.GetBytes(
                string.Concat(Enumerable.Range(0, length).Select(_ => "tokenizradg"[random.Next(i % 2 == 0 ? 11 : 3)]))
            );
            var ids = new List<int>();
            encoder.Encode(word, ids);
            Assert.Equal(ReferenceBytePairs.EncodeWord(vocabulary, word), ids);
        }
    }

    [Fact]
    public void Merges_in_an_order_that_no_training_gives_are_followed_too()
    {
        // ab+c makes what a+bc makes, and what follows comes before both.
        var trained = Vocabulary();
        var random = new Random(4);
        List<(int Left, int Right, int Product)> merges = [.. trained.Merges];
        for (var i = merges.Count - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (merges[i], merges[j]) = (merges[j], merges[i]);
        }

        var shuffled = new BytePairVocabulary
        {
            IdOfByte = trained.IdOfByte,
            Merges = merges,
            Texts = trained.Texts,
            IgnoreMerges = false,
        };
        var encoder = new WordEncoder(shuffled);
        foreach (var length in (int[])[10, 60, 200])
        {
            var word = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("trainedtokenizermatrices", 9))[..length]);
            var ids = new List<int>();
            encoder.Encode(word, ids);
            Assert.Equal(ReferenceBytePairs.EncodeWord(shuffled, word), ids);
        }
    }

    [Fact]
    public void What_is_remembered_of_words_stays_bounded_and_changes_no_id()
    {
        var vocabulary = Vocabulary();
        var encoder = new TextEncoder([new WordSplit(SplitPattern.Gpt2)], new WordEncoder(vocabulary));
        var once = new List<int>();
        for (var piece = 0; piece < 12; piece++)
        {
            // Half a megabyte of words that come once, between words that come often.
            var text = Encoding.UTF8.GetBytes(
                string.Concat(
                    Enumerable
                        .Range(0, 20_000)
                        .Select(i =>
                            $" token {string.Concat((piece * 20_000 + i).ToString("D9").Select(digit => (char)('a' + digit - '0')))}"
                        )
                )
            );
            var ids = new List<int>();
            encoder.Encode(text, true, ids, CancellationToken.None);
            once.Clear();
            new TextEncoder([new WordSplit(SplitPattern.Gpt2)], new WordEncoder(vocabulary)).Encode(
                text,
                true,
                once,
                CancellationToken.None
            );
            Assert.Equal(once, ids);
            Assert.InRange(encoder.RememberedBytes, 1, (1 << 22) + 64);
        }
    }

    [Fact]
    public void A_very_long_text_without_a_space_comes_back()
    {
        var text = string.Concat(Enumerable.Repeat("tokenizermatrices", 15_000));

        Assert.Equal(text, Encoding.ASCII.GetString(Samples.Tokenizer.Decode(Samples.Tokenizer.Encode(text))));
    }

    [Fact]
    public void Text_never_becomes_the_end_of_text_token()
    {
        var tokenizer = Samples.Tokenizer;
        var ids = tokenizer.Encode("a<|endoftext|>b");

        Assert.DoesNotContain(tokenizer.EndOfText, ids);
        Assert.Equal("a<|endoftext|>b"u8, tokenizer.Decode(ids));
    }

    [Fact]
    public void The_end_of_text_token_has_no_text() =>
        Assert.Equal(
            "ab"u8,
            Samples.Tokenizer.Decode([.. Samples.Tokenizer.Encode("a"), Samples.Tokenizer.EndOfText, .. Samples.Tokenizer.Encode("b")])
        );

    [Fact]
    public void Encoding_appends_to_what_is_there()
    {
        var ids = new List<int> { 7 };
        Samples.Tokenizer.Encode("weights"u8, ids);

        Assert.Equal([7, .. Samples.Tokenizer.Encode("weights")], ids);
    }

    [Fact]
    public void Frequent_words_are_one_token() => Assert.Single(Samples.Tokenizer.Encode(" weight"));

    [Theory]
    [InlineData(-1)]
    [InlineData(700)]
    public void An_id_outside_the_vocabulary_is_refused(int id) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Samples.Tokenizer.Decode([id]));

    [Fact]
    public void Threads_may_share_a_tokenizer()
    {
        var documents = Samples.Documents(200, seed: 11);
        int[][] expected = [.. documents.Select(document => Samples.Tokenizer.Encode(document).ToArray())];
        var actual = new int[documents.Count][];

        Parallel.For(0, documents.Count, i => actual[i] = [.. Samples.Tokenizer.Encode(documents[i])]);

        Assert.Equal(expected, actual);
    }

    private static BytePairVocabulary Vocabulary()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("tokenizer.json");
        Samples.Tokenizer.Save(path);
        var root = JsonFile.Read(path);
        return new TokenizerJsonModel(root, path).ReadByteLevel(new HashSet<int> { Samples.Tokenizer.EndOfText })!;
    }
}
