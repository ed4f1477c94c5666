using LowRank.Training.Filtering;
using static LowRank.Training.Tests.Filtering.Filtered;

namespace LowRank.Training.Tests.Filtering;

public sealed class GopherQualityFilterTests
{
    private const string Prose =
        "Whoever wants to know how the old mills of the valley worked has to follow the brook, since all of them stood beside it and took "
        + "their power from its water. Most are ruins now, but two have been rebuilt by their villages and grind with the same stones.";

    /// <summary>Nothing is checked; each test asks for what it is about.</summary>
    private static readonly GopherQualityOptions Nothing = new()
    {
        MinWords = null,
        MaxWords = null,
        MinMeanWordLength = null,
        MaxMeanWordLength = null,
        MaxSymbolsPerWord = null,
        MaxBulletLines = null,
        MaxEllipsisLines = null,
        MinAlphabeticWords = null,
        MinStopWords = null,
    };

    public static TheoryData<string, string> Worse =>
        new()
        {
            { "This is too short...", "gopher_short_doc" },
            { string.Concat(Enumerable.Repeat("I am ", 20)), "gopher_below_avg_threshold" },
            { string.Concat(Enumerable.Repeat("interconnection ", 20)), "gopher_above_avg_threshold" },
            { string.Concat(Enumerable.Repeat("# comment ", 20)), "gopher_too_many_hashes" },
            { string.Concat(Enumerable.Repeat("... comment ", 20)), "gopher_too_many_ellipsis" },
            {
                string.Concat(Enumerable.Repeat("the ./!*?<><> apple <?////> orange  ++ interconnection !<>??? have", 20)),
                "gopher_below_alpha_threshold"
            },
        };

    [Theory]
    [MemberData(nameof(Worse))]
    public void Texts_that_are_no_prose_are_dropped(string text, string reason) =>
        Assert.Equal(reason, new GopherQualityFilter(new() { MinWords = 10, MaxWords = 1000 }, English).Reason(text));

    [Fact]
    public void Prose_is_kept() => Assert.Null(new GopherQualityFilter(new() { MinWords = 10 }, English).Reason(Prose));

    [Fact]
    public void Words_are_counted_without_those_of_punctuation()
    {
        // A percent sign of full width is punctuation there, and so is the digit 1 of full width; a euro is not.
        const string Signs = " ... ,, \uFF05 \uFF11 \u3002 𑅃 \u0007";
        foreach (var number in (int[])[1, 2, 49, 50, 1000])
        {
            var text = Words(number) + Signs;
            Assert.Null(new GopherQualityFilter(Nothing with { MinWords = number, MaxWords = number }, Spaced).Reason(text));
            Assert.Equal("gopher_short_doc", new GopherQualityFilter(Nothing with { MinWords = number + 1 }, Spaced).Reason(text));
            Assert.Equal("gopher_long_doc", new GopherQualityFilter(Nothing with { MaxWords = number - 1 }, Spaced).Reason(text));
            Assert.Equal("gopher_long_doc", new GopherQualityFilter(Nothing with { MaxWords = number }, Spaced).Reason(text + " €"));
        }
    }

    [Fact]
    public void The_published_numbers_of_words_are_50_and_100000()
    {
        var filter = new GopherQualityFilter(
            Nothing with
            {
                MinWords = new GopherQualityOptions().MinWords,
                MaxWords = new GopherQualityOptions().MaxWords,
            },
            Spaced
        );
        Assert.Equal("gopher_short_doc", filter.Reason(Words(49)));
        Assert.Null(filter.Reason(Words(50)));
        Assert.Null(filter.Reason(Words(100_000)));
        Assert.Equal("gopher_long_doc", filter.Reason(Words(100_001)));
    }

    [Theory]
    [InlineData("x")]
    [InlineData(Pair)]
    public void Mean_lengths_at_the_limits_are_kept(string character)
    {
        var filter = new GopherQualityFilter(Nothing with { MinMeanWordLength = 3, MaxMeanWordLength = 10 }, Spaced);
        string Text(int words, int characters) =>
            string.Join(
                ' ',
                Enumerable.Range(0, words).Select(i => Characters((characters / words) + (i < characters % words ? 1 : 0), character))
            ) + " ... !";
        for (var words = 1; words < 60; words++)
        {
            Assert.Equal("gopher_below_avg_threshold", filter.Reason(Text(words, (3 * words) - 1)));
            Assert.Null(filter.Reason(Text(words, 3 * words)));
            Assert.Null(filter.Reason(Text(words, 10 * words)));
            Assert.Equal("gopher_above_avg_threshold", filter.Reason(Text(words, (10 * words) + 1)));
        }
    }

    [Theory]
    [InlineData("#", "gopher_too_many_hashes")]
    [InlineData("…", "gopher_too_many_ellipsis")]
    [InlineData("...", "gopher_too_many_ellipsis")]
    public void Symbols_per_word_at_the_limit_are_kept(string symbol, string reason)
    {
        var filter = new GopherQualityFilter(Nothing with { MaxSymbolsPerWord = 0.1 }, Spaced);
        for (var words = 1; words < 100; words++)
        {
            var most = words / 10;
            Assert.Null(filter.Reason(Words(words) + Characters(most, symbol)));
            Assert.Equal(reason, filter.Reason(Words(words) + Characters(most + 1, symbol)));
        }
    }

    [Fact]
    public void Six_periods_are_two_ellipses_and_five_are_one()
    {
        var filter = new GopherQualityFilter(Nothing with { MaxSymbolsPerWord = 0.1 }, Spaced);
        Assert.Null(filter.Reason(Words(10) + "....."));
        Assert.Equal("gopher_too_many_ellipsis", filter.Reason(Words(10) + "......"));
    }

    [Theory]
    [InlineData("• one", "two", "gopher_too_many_bullets")]
    [InlineData(" \u001F- one", "two", "gopher_too_many_bullets")]
    [InlineData("one...", "two.", "gopher_too_many_end_ellipsis")]
    [InlineData("one… \t", "two..", "gopher_too_many_end_ellipsis")]
    public void Shares_of_lines_at_the_limit_are_kept(string counted, string other, string reason)
    {
        var limit = reason == "gopher_too_many_bullets" ? 0.9 : 0.3;
        var filter = new GopherQualityFilter(Nothing with { MaxBulletLines = 0.9, MaxEllipsisLines = 0.3 }, Spaced);
        foreach (var newline in (string[])["\n", "\r\n", "\u2028", "\v"])
        {
            for (var lines = 2; lines < 60; lines++)
            {
                var most = (int)Math.Round(limit * 10) * lines / 10;
                string Text(int count) => string.Join(newline, Enumerable.Range(0, lines).Select(i => i < count ? counted : other));
                Assert.Null(filter.Reason(Text(most)));
                Assert.Equal(reason, filter.Reason(Text(most + 1)));
            }
        }
    }

    [Fact]
    public void A_bullet_that_is_an_asterisk_or_a_dash_is_none()
    {
        var filter = new GopherQualityFilter(Nothing with { MaxBulletLines = 0.5 }, Spaced);
        Assert.Null(filter.Reason("* one\n– two\n— three"));
    }

    [Fact]
    public void Words_with_a_letter_at_the_limit_are_kept()
    {
        var filter = new GopherQualityFilter(Nothing with { MinAlphabeticWords = 0.8 }, Spaced);
        string[] letters = ["a", "1a", "\U0001D49C", "中", "ª", "..é"];
        string[] none = ["1", "...", "²", "Ⅷ", "😀", "_"];
        for (var words = 1; words < 60; words++)
        {
            var fewest = (int)Math.Ceiling(words * 8 / 10m);
            string Text(int count) =>
                string.Join(' ', Enumerable.Range(0, words).Select(i => i < count ? letters[i % letters.Length] : none[i % none.Length]));
            Assert.Null(filter.Reason(Text(fewest)));
            Assert.Equal("gopher_below_alpha_threshold", filter.Reason(Text(fewest - 1)));
        }
    }

    [Theory]
    [InlineData("the cat sat", false)]
    [InlineData("the the the", false)]
    [InlineData("the cat of Spain", true)]
    [InlineData("The Of And", false)]
    [InlineData("bethe ofand with", false)]
    [InlineData("be,with", false)]
    [InlineData("be with", true)]
    public void Two_different_stop_words_are_enough(string text, bool kept)
    {
        var reason = new GopherQualityFilter(Nothing with { MinStopWords = 2 }, Spaced).Reason(text);
        Assert.Equal(kept ? null : "gopher_enough_stop_words", reason);
    }

    [Fact]
    public void Stop_words_can_be_others()
    {
        var filter = new GopherQualityFilter(Nothing with { MinStopWords = 3, StopWords = ["der", "die", "das", "die"] }, Spaced);
        Assert.Null(filter.Reason("das ist die Stadt der Liebe"));
        Assert.Equal("gopher_enough_stop_words", filter.Reason("das ist die Stadt die liebt"));
    }

    [Fact]
    public void Limits_that_mean_nothing_are_refused()
    {
        var error = Assert.Throws<InputException>(() => new GopherQualityFilter(new() { MinAlphabeticWords = 80 }, Spaced));
        Assert.Equal("minAlphabeticWords of gopher-quality is 80, and must lie between 0 and 1.", error.Message);
        error = Assert.Throws<InputException>(() => new GopherQualityFilter(new() { StopWords = [] }, Spaced));
        Assert.Equal("stopWords of gopher-quality must name at least one text, and none that is empty.", error.Message);
    }
}
