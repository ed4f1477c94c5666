using System.Text;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Tests.Tokenization;

/// <summary>English enough to train small vocabularies on, without any file.</summary>
internal static class Samples
{
    private static readonly string[] Words =
    [
        "the",
        "model",
        "reads",
        "a",
        "window",
        "of",
        "tokens",
        "and",
        "predicts",
        "each",
        "next",
        "one",
        "rank",
        "ranks",
        "lower",
        "lowest",
        "matrix",
        "matrices",
        "factor",
        "factors",
        "weight",
        "weights",
        "training",
        "trained",
        "it's",
        "we'll",
        "don't",
        "naïve",
        "größer",
        "42",
        "1024",
        "x = y;",
        "(see",
        "above)",
        "token",
        "tokenizer",
        "tokenized",
        "attention",
        "tension",
    ];

    private static readonly Lazy<Tokenizer> Shared = new(() => Train(Documents(400, seed: 3), 700));

    /// <summary>A tokenizer of 700 entries, trained once.</summary>
    public static Tokenizer Tokenizer => Shared.Value;

    public static IReadOnlyList<string> Documents(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Document(random))];
    }

    public static Tokenizer Train(IEnumerable<string> documents, int vocabulary)
    {
        var trainer = new BytePairTrainer();
        foreach (var document in documents)
            trainer.Add(Encoding.UTF8.GetBytes(document));

        return trainer.Train(vocabulary);
    }

    private static string Document(Random random)
    {
        var text = new StringBuilder();
        for (var word = random.Next(20, 60); word > 0; word--)
        {
            text.Append(Words[random.Next(Words.Length)]);

            // Made-up words give enough distinct pairs for any vocabulary.
            if (random.Next(3) == 0)
                text.Append((char)('a' + random.Next(26))).Append((char)('a' + random.Next(26)));

            text.Append(random.Next(12) == 0 ? ".\n" : " ");
        }

        return text.ToString();
    }
}
