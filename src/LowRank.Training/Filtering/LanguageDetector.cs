namespace LowRank.Training.Filtering;

/// <summary>
/// Tells the language of a text: pieces from all of it, each by the sequences of three letters in its words (naive Bayes over
/// <see cref="LanguageModels"/>, all languages equally likely before). Used by one thread at a time; the same text gives the same answer
/// everywhere.
/// </summary>
/// <remarks>
/// The score is the mean over the pieces, by their number of sequences, of the language's probability: about the share of the text that
/// is in the language. A piece alone is nearly always told for sure. The reference asks fastText's lid.176, whose scores are another
/// model's: the same threshold keeps other documents.
/// </remarks>
internal sealed class LanguageDetector
{
    /// <summary>As long as a line: enough for three-letter sequences to decide.</summary>
    private const int PieceLength = 100;

    private const string Chinese = "zh";
    private const string Japanese = "ja";
    private const string Korean = "ko";

    private readonly LanguageModels models;
    private readonly string[] languages;
    private readonly int[] gains;
    private readonly double[] weights;
    private readonly int pieces;

    /// <param name="options">How much of a text is looked at, and where the models are.</param>
    /// <exception cref="InputException">The models can't be read.</exception>
    public LanguageDetector(LanguageOptions options)
    {
        models = LanguageModels.Load(options.Models);
        languages = [.. models.Languages, Chinese, Japanese, Korean];
        gains = new int[models.Languages.Count];
        weights = new double[languages.Length];
        pieces = Math.Max(1, options.ExaminedCharacters / PieceLength);
    }

    /// <summary>ISO 639-1 codes of the languages that are known.</summary>
    public IReadOnlyList<string> Languages => languages;

    /// <summary>The language of a text and its score from 0 to 1; null and 0 for one without any letters.</summary>
    public (string? Language, double Score) Detect(ReadOnlySpan<char> text)
    {
        Array.Clear(weights);
        var total = 0.0;
        var count = Math.Min(pieces, (text.Length + PieceLength - 1) / PieceLength);
        for (var piece = 0; piece < count; piece++)
        {
            // The first begins with the text, the last ends with it.
            var start = count == 1 ? 0 : (int)((long)Math.Max(0, text.Length - PieceLength) * piece / (count - 1));
            total += Weigh(text.Slice(start, Math.Min(PieceLength, text.Length - start)));
        }

        if (total == 0)
            return (null, 0);

        var best = 0;
        for (var language = 1; language < weights.Length; language++)
            best = weights[language] > weights[best] ? language : best;
        return (languages[best], weights[best] / total);
    }

    /// <summary>Adds what a piece says to the weights, and gives its weight.</summary>
    private double Weigh(ReadOnlySpan<char> piece)
    {
        Array.Clear(gains);
        var (sequences, han, kana, hangul) = (0, 0, 0, 0);
        var (first, second) = ('\0', '\0');
        foreach (var character in piece)
        {
            if (!char.IsLetter(character))
            {
                (first, second) = ('\0', '\0');
                continue;
            }

            if (character >= '\u1100' && Asian(character) is var script && script != Script.Other)
            {
                han += script == Script.Han ? 1 : 0;
                kana += script == Script.Kana ? 1 : 0;
                hangul += script == Script.Hangul ? 1 : 0;
                (first, second) = ('\0', '\0');
                continue;
            }

            var third = char.IsAscii(character) ? (char)(character | 0x20) : char.ToLowerInvariant(character);
            if (first != '\0')
            {
                sequences++;
                foreach (var gain in models.Find(LanguageModels.Key(first, second, third)))
                    gains[gain.Language] += gain.Units;
            }

            (first, second) = (second, third);
        }

        AddLikelihoods(sequences);

        // Japanese is written with both, and a text in kana is never Chinese.
        var asian = han + kana;
        weights[^3] += kana * 10 < asian ? asian : 0;
        weights[^2] += kana * 10 >= asian ? asian : 0;
        weights[^1] += hangul;
        return sequences + asian + hangul;
    }

    private void AddLikelihoods(int sequences)
    {
        if (sequences == 0)
            return;

        var most = 0;
        foreach (var gain in gains)
            most = Math.Max(most, gain);

        var sum = 0.0;
        foreach (var gain in gains)
            sum += Likelihood(gain - most);
        for (var language = 0; language < gains.Length; language++)
            weights[language] += sequences * Likelihood(gains[language] - most) / sum;
    }

    /// <summary>Relative to the likeliest language.</summary>
    private static double Likelihood(int units) => units < -1000 ? 0 : Math.Exp(units * LanguageModels.Unit);

    private static Script Asian(char letter) =>
        letter switch
        {
            (>= '\u3041' and <= '\u30FF') or (>= '\u31F0' and <= '\u31FF') or (>= '\uFF66' and <= '\uFF9D') => Script.Kana,
            (>= '\u3400' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF') or '\u3005' => Script.Han,
            (>= '\uAC00' and <= '\uD7AF') or (>= '\u1100' and <= '\u11FF') or (>= '\u3131' and <= '\u318E') => Script.Hangul,
            _ => Script.Other,
        };

    private enum Script
    {
        Other,
        Han,
        Kana,
        Hangul,
    }
}
