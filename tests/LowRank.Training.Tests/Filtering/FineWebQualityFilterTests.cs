using LowRank.Training.Filtering;
using static LowRank.Training.Tests.Filtering.Filtered;

namespace LowRank.Training.Tests.Filtering;

public sealed class FineWebQualityFilterTests
{
    /// <summary>Nothing is checked; each test asks for what it is about.</summary>
    private static readonly FineWebQualityOptions Nothing = new()
    {
        MinPunctuatedLines = null,
        MaxShortLines = null,
        MaxDuplicateLineCharacters = null,
        MaxNewlinesPerWord = null,
    };

    [Theory]
    [InlineData("")]
    [InlineData(" \n\u001F\n")]
    public void A_text_without_lines_is_empty(string text) => Assert.Equal("empty", new FineWebQualityFilter(Nothing, Spaced).Reason(text));

    [Fact]
    public void Prose_is_kept() =>
        Assert.Null(
            new FineWebQualityFilter(new(), English).Reason(
                "The mill by the brook has been still for many years.\nNobody grinds grain there since the railway came.\n"
                    + "Only swallows nest below what is left of its roof."
            )
        );

    [Fact]
    public void A_share_of_punctuated_lines_at_the_limit_is_kept()
    {
        var filter = new FineWebQualityFilter(Nothing with { MinPunctuatedLines = 0.12 }, Spaced);
        for (var lines = 1; lines < 200; lines++)
        {
            var fewest = (int)Math.Ceiling(lines * 12 / 100m);
            string Text(int count) => string.Join("\n \n", Enumerable.Range(0, lines).Select(i => i < count ? $"Line {i}." : $"Line {i}"));
            Assert.Null(filter.Reason(Text(fewest)));
            Assert.Equal("line_punct_ratio", filter.Reason(Text(fewest - 1)));
        }
    }

    [Theory]
    [InlineData("。", true)]
    [InlineData("𑅃", true)]
    [InlineData("។", true)]
    [InlineData("…", false)]
    [InlineData("\"", false)]
    [InlineData(". ", false)]
    [InlineData("\U0001D49C", false)]
    public void Punctuation_of_any_script_ends_a_line(string end, bool ends)
    {
        var reason = new FineWebQualityFilter(Nothing with { MinPunctuatedLines = 1 }, Spaced).Reason($"A line{end}");
        Assert.Equal(ends ? null : "line_punct_ratio", reason);
    }

    [Fact]
    public void None_punctuated_can_be_allowed()
    {
        var filter = new FineWebQualityFilter(Nothing with { MinPunctuatedLines = 0.5, AllowNoPunctuatedLines = true }, Spaced);
        Assert.Null(filter.Reason("one\ntwo\nthree"));
        Assert.Equal("line_punct_ratio", filter.Reason("one.\ntwo\nthree"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData(Pair)]
    public void A_share_of_short_lines_at_the_limit_is_kept(string character)
    {
        var filter = new FineWebQualityFilter(Nothing with { MaxShortLines = 0.67 }, Spaced);
        for (var lines = 1; lines < 200; lines++)
        {
            var most = lines * 67 / 100;
            string Text(int count) => string.Join('\n', Enumerable.Range(0, lines).Select(i => Characters(i < count ? 30 : 31, character)));
            Assert.Null(filter.Reason(Text(most)));
            Assert.Equal("short_line_ratio", filter.Reason(Text(most + 1)));
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData(Pair)]
    public void Characters_of_duplicate_lines_at_the_limit_are_kept(string character)
    {
        var filter = new FineWebQualityFilter(Nothing with { MaxDuplicateLineCharacters = 0.01 }, Spaced);
        for (var length = 1; length < 40; length++)
        {
            var line = Characters(length, character);
            string Text(int all) => $"{line}\n\n{line}\n \n{Characters(all - (2 * length) - 1, "y")}\n";
            Assert.Null(filter.Reason(Text(100 * length)));
            Assert.Equal("char_dup_ratio", filter.Reason(Text((100 * length) - 1)));
        }
    }

    [Fact]
    public void Newlines_per_word_at_the_limit_are_kept()
    {
        var filter = new FineWebQualityFilter(Nothing with { MaxNewlinesPerWord = 0.3 }, Spaced);
        for (var words = 1; words < 100; words++)
        {
            var most = words * 3 / 10;
            Assert.Null(filter.Reason(Words(words) + Characters(most, "\n")));
            Assert.Equal("list_ratio", filter.Reason(Words(words) + Characters(most + 1, "\n")));
        }
    }

    [Theory]
    [InlineData("No end here\nNor here at all\nNor there", "line_punct_ratio")]
    [InlineData("hi.\nbye.\nok.\nno.\nyes.", "short_line_ratio")]
    public void The_published_limits_hold(string text, string reason) =>
        Assert.Equal(reason, new FineWebQualityFilter(new(), English).Reason(text));

    [Fact]
    public void Limits_that_mean_nothing_are_refused()
    {
        var error = Assert.Throws<InputException>(() => new FineWebQualityFilter(new() { MaxNewlinesPerWord = -1 }, Spaced));
        Assert.Equal("maxNewlinesPerWord of fineweb-quality is -1, and must be at least 0.", error.Message);
    }
}
