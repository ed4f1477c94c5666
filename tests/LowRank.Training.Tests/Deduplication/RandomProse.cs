using System.Text;

namespace LowRank.Training.Tests.Deduplication;

/// <summary>Texts of made-up words.</summary>
internal static class RandomProse
{
    private static readonly string[] Syllables =
    [
        "ba",
        "con",
        "di",
        "fer",
        "gu",
        "lo",
        "men",
        "ni",
        "pra",
        "quo",
        "rus",
        "ta",
        "ul",
        "ve",
        "zi",
    ];

    public static string Write(Random random, int words)
    {
        var text = new StringBuilder();
        for (var word = 0; word < words; word++)
        {
            for (var syllable = random.Next(1, 5); syllable > 0; syllable--)
                text.Append(Syllables[random.Next(Syllables.Length)]);
            text.Append(word % 11 == 10 ? ". " : " ");
        }

        return text.ToString();
    }
}
