using LowRank.Training.Filtering;
using static LowRank.Training.Tests.Filtering.Filtered;

namespace LowRank.Training.Tests.Filtering;

public sealed class GopherRepetitionFilterTests
{
    private static readonly SortedDictionary<int, double> NoLimits = [];

    /// <summary>Nothing is checked; each test asks for what it is about.</summary>
    private static readonly GopherRepetitionOptions Nothing = new()
    {
        MaxDuplicateLines = null,
        MaxDuplicateParagraphs = null,
        MaxDuplicateLineCharacters = null,
        MaxDuplicateParagraphCharacters = null,
        MaxTopNGramCharacters = NoLimits,
        MaxDuplicateNGramCharacters = NoLimits,
    };

    public static TheoryData<string, string> Repeating =>
        new()
        {
            { string.Concat(Enumerable.Repeat("This line comes again.\n", 4)), "dup_line_frac" },
            { string.Concat(Enumerable.Repeat("This paragraph comes again.\n\n", 4)), "dup_para_frac" },
            { $"First one.\n\nThe second one.\n\nThe third of them.\n\n{Characters(30)}.\n\n{Characters(30)}.\n\n", "dup_para_char_frac" },
            { $"First one.\nThe second one.\nThe third of them.\n{Characters(40)}.\n{Characters(40)}.\n", "dup_line_char_frac" },
            { "We are here, we are here, we are here", "top_2_gram" },
            { "I am Clara, you are Bert. I am Clara. I am Clara you are Bert", "top_3_gram" },
            {
                "It is a lone wanderer It is a lone wanderer It is a lone wanderer It is a lone wanderer "
                    + "through mountains, valleys and forests that nobody had ever described before, because no road leads there and maps "
                    + "of the country end where its last villages stand, so whoever comes back must tell what was found beyond them.",
                "duplicated_5_n_grams"
            },
        };

    [Theory]
    [MemberData(nameof(Repeating))]
    public void Texts_that_repeat_themselves_are_dropped(string text, string reason) =>
        Assert.Equal(reason, new GopherRepetitionFilter(new(), English).Reason(text));

    [Fact]
    public void Prose_is_kept() =>
        Assert.Null(
            new GopherRepetitionFilter(new(), English).Reason(
                "Rivers begin where water leaves the ground.\nThey end in lakes, in seas or in deserts that swallow them.\n\n"
                    + "Between both lie plains, towns and bridges, and people who have always lived off the traffic on their banks."
            )
        );

    [Fact]
    public void An_empty_text_repeats_nothing() => Assert.Null(new GopherRepetitionFilter(new(), English).Reason(""));

    [Fact]
    public void A_share_of_lines_at_the_limit_is_kept_and_one_above_it_dropped()
    {
        var filter = new GopherRepetitionFilter(Nothing with { MaxDuplicateLines = 0.3 }, Spaced);
        for (var lines = 4; lines < 200; lines++)
        {
            var most = lines * 3 / 10;
            Assert.Null(filter.Reason(Repeated(lines, most, "\n")));
            Assert.Equal("dup_line_frac", filter.Reason(Repeated(lines, most + 1, "\n")));
        }
    }

    [Fact]
    public void A_share_of_paragraphs_at_the_limit_is_kept_and_one_above_it_dropped()
    {
        var filter = new GopherRepetitionFilter(Nothing with { MaxDuplicateParagraphs = 0.3 }, Spaced);
        for (var paragraphs = 4; paragraphs < 100; paragraphs++)
        {
            var most = paragraphs * 3 / 10;
            Assert.Null(filter.Reason($"\n {Repeated(paragraphs, most, "\n\n\n")} \n\n"));
            Assert.Equal("dup_para_frac", filter.Reason(Repeated(paragraphs, most + 1, "\n\n")));
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData(Pair)]
    public void A_share_of_characters_at_the_limit_is_kept_and_one_above_it_dropped(string character)
    {
        var lines = new GopherRepetitionFilter(Nothing with { MaxDuplicateLineCharacters = 0.2 }, Spaced);
        var paragraphs = new GopherRepetitionFilter(Nothing with { MaxDuplicateParagraphCharacters = 0.2 }, Spaced);
        for (var length = 2; length < 100; length++)
        {
            var piece = Characters(length, character);
            string Text(string between, int all) =>
                $"{piece}{between}{piece}{between}{Characters(all - (2 * length) - (2 * between.Length), "y")}";
            Assert.Null(lines.Reason(Text("\n", 5 * length)));
            Assert.Equal("dup_line_char_frac", lines.Reason(Text("\n", (5 * length) - 1)));
            Assert.Null(paragraphs.Reason(Text("\n\n", 5 * length)));
            Assert.Equal("dup_para_char_frac", paragraphs.Reason(Text("\n\n", (5 * length) - 1)));
        }
    }

    [Theory]
    [InlineData(2, "x")]
    [InlineData(3, "x")]
    [InlineData(4, Pair)]
    public void A_top_n_gram_counts_with_its_spaces_at_all_its_places(int n, string character)
    {
        var filter = new GopherRepetitionFilter(
            Nothing with
            {
                MaxTopNGramCharacters = new SortedDictionary<int, double> { [n] = 0.25 },
            },
            Spaced
        );
        for (var times = 1; times < 12; times++)
        {
            for (var length = 3; length < 9; length++)
            {
                var nGram = string.Join(' ', Enumerable.Range(0, n).Select(i => Characters(length, character) + Word(i)));
                var characters = PythonText.Length(nGram) * times;
                // Each is followed by a word of its own.
                var text = string.Concat(Enumerable.Range(100, times).Select(i => $"{nGram} {Word(i)} "));
                string Filled(int all) => text + Characters(all - PythonText.Length(text), "z");
                Assert.Null(filter.Reason(Filled(characters * 4)));
                Assert.Equal($"top_{n}_gram", filter.Reason(Filled((characters * 4) - 1)));
            }
        }
    }

    [Theory]
    [InlineData(5, "x")]
    [InlineData(7, Pair)]
    [InlineData(10, "x")]
    public void Duplicate_n_grams_count_from_the_second_on_without_spaces(int n, string character)
    {
        var filter = new GopherRepetitionFilter(
            Nothing with
            {
                MaxDuplicateNGramCharacters = new SortedDictionary<int, double> { [n] = 0.1 },
            },
            Spaced
        );
        for (var times = 2; times < 10; times++)
        {
            var words = Enumerable.Range(0, n).Select(i => Characters(4, character) + Word(i)).ToList();
            var characters = words.Sum(word => PythonText.Length(word)) * (times - 1);
            var text = string.Concat(Enumerable.Range(100, times).Select(i => $"{string.Join(' ', words)} {Word(i)} "));
            string Filled(int all) => text + Characters(all - PythonText.Length(text), "z");
            Assert.Null(filter.Reason(Filled(characters * 10)));
            Assert.Equal($"duplicated_{n}_n_grams", filter.Reason(Filled((characters * 10) - 1)));
        }
    }

    [Fact]
    public void Duplicate_n_grams_are_the_same_characters_wherever_words_end()
    {
        var filter = new GopherRepetitionFilter(
            Nothing with
            {
                MaxDuplicateNGramCharacters = new SortedDictionary<int, double> { [2] = 0.1 },
            },
            Spaced
        );
        Assert.Equal("duplicated_2_n_grams", filter.Reason("ab cd x abc d"));
        Assert.Null(filter.Reason("ab cd x abc e"));
    }

    [Fact]
    public void A_top_n_gram_is_the_same_words()
    {
        var filter = new GopherRepetitionFilter(
            Nothing with
            {
                MaxTopNGramCharacters = new SortedDictionary<int, double> { [2] = 0.5 },
            },
            Spaced
        );
        Assert.Equal("top_2_gram", filter.Reason("ab cd x ab cd"));
        Assert.Null(filter.Reason("ab cd x abc d"));
    }

    [Fact]
    public void Thousands_of_texts_fare_as_in_a_slow_implementation()
    {
        var random = new Random(20);
        var reasons = new HashSet<string?>();
        var words = Spaced;
        for (var i = 0; i < 6000; i++)
        {
            var text = RandomText(random);
            var options = RandomOptions(random);
            var expected = SlowRepetition.Reason(text, text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), options);
            Assert.True(expected == new GopherRepetitionFilter(options, words).Reason(text), $"{expected}, text {i}: {text}");
            reasons.Add(expected);
        }

        // Each of the thirteen reasons was met, and none.
        Assert.Equal(14, reasons.Count);
    }

    [Fact]
    public void Limits_that_mean_nothing_are_refused()
    {
        var error = Assert.Throws<InputException>(() => new GopherRepetitionFilter(new() { MaxDuplicateLines = 3 }, Spaced));
        Assert.Equal("maxDuplicateLines of gopher-repetition is 3, and must lie between 0 and 1.", error.Message);
        error = Assert.Throws<InputException>(() =>
            new GopherRepetitionFilter(new() { MaxTopNGramCharacters = new SortedDictionary<int, double> { [2] = -0.5 } }, Spaced)
        );
        Assert.Equal("maxTopNGramCharacters.2 of gopher-repetition is -0.5, and must lie between 0 and 1.", error.Message);
    }

    private static string Repeated(int pieces, int duplicates, string between) =>
        string.Join(between, Enumerable.Range(0, pieces - duplicates).Concat(Enumerable.Repeat(0, duplicates)).Select(i => $"{Pair}{i}"));

    private static string RandomText(Random random)
    {
        var vocabulary = random.Next(1, 40);
        var longest = random.Next(2, 9);
        string[] betweens = [" ", " ", " ", " ", " ", " ", "\n", "\n\n", "\n\n\n", "  "];
        var text = string.Concat(
            Enumerable
                .Range(0, random.Next(1, 120))
                .Select(_ =>
                    Characters(random.Next(1, longest), random.Next(9) == 0 ? Pair : "a")
                    + Word(random.Next(vocabulary))
                    + betweens[random.Next(betweens.Length)]
                )
        );
        return random.Next(3) == 0 ? text + text[..random.Next(text.Length)].TrimEnd('\uD835') : text;
    }

    private static GopherRepetitionOptions RandomOptions(Random random)
    {
        double? Limit() => random.Next(3) == 0 ? random.Next(1, 8) / 20.0 : null;
        SortedDictionary<int, double> Limits(int from, int to)
        {
            var limits = new SortedDictionary<int, double>();
            for (var n = from; n <= to; n++)
            {
                if (random.Next(2) == 0)
                    limits[n] = random.Next(1, 16) / 20.0;
            }

            return limits;
        }

        return new GopherRepetitionOptions
        {
            MaxDuplicateLines = Limit(),
            MaxDuplicateParagraphs = Limit(),
            MaxDuplicateLineCharacters = Limit(),
            MaxDuplicateParagraphCharacters = Limit(),
            MaxTopNGramCharacters = Limits(2, 4),
            MaxDuplicateNGramCharacters = Limits(5, 10),
        };
    }
}
