using System.Text;
using System.Text.RegularExpressions;
using LowRank.Training.Tokenization.Patterns;

namespace LowRank.Training.Tests.Tokenization;

public sealed class PatternMatcherTests
{
    /// <summary>Expressions that .NET and Oniguruma read alike.</summary>
    public static TheoryData<string> Expressions =>
        new(
            "a",
            "a|ab|abc",
            "(?:abc|ab|a)c?",
            "a*b+c?",
            "a*?b",
            "a{2,3}",
            "a{2,}?b",
            "(?:ab){1,2}",
            "(?:ab|a)*b",
            "(?:a|b)+?c",
            "[^\\s\\p{L}\\p{N}]+",
            "\\s+(?!\\S)|\\s+",
            "(?=[aeiou])",
            "(?<=a)b|(?<!a)c",
            "(?<=ab|ba)c",
            "(?>a+)b",
            "\\bx\\w*",
            "\\d{1,3}(?=(?:\\d{3})*\\b)",
            "[a-c&&[^b]]x|-]",
            "[]a]+|[^]a]",
            "(?i:ab)c",
            "(?i)ab(?-i)c",
            ".",
            "\\p{Lu}\\p{Ll}*|\\P{L}",
            "",
            "x*"
        );

    [Theory]
    [MemberData(nameof(Expressions))]
    public void Matches_are_those_of_another_engine(string expression)
    {
        // .NET subtracts classes otherwise, and doesn't take a bracket first in a class as a character.
        var other = new Regex(
            expression
                .Replace("[a-c&&[^b]]", "[ac]", StringComparison.Ordinal)
                .Replace("[]a]", "[\\]a]", StringComparison.Ordinal)
                .Replace("[^]a]", "[^\\]a]", StringComparison.Ordinal),
            RegexOptions.CultureInvariant
        );
        var random = new Random(5);
        var matcher = new PatternMatcher(PatternProgram.Compile(expression));
        for (var index = 0; index < 300; index++)
        {
            var text = index % 2 == 0 ? RandomText.Next(random, 40, beyondBasicPlane: false) : Letters(random);
            // Numbers that are letters are a part of words to Unicode and not to .NET, joiners the other way round.
            text = text.Replace("Ⅷ", "", StringComparison.Ordinal).Replace("\u200D", "", StringComparison.Ordinal);
            Assert.Equal(
                other.Matches(text).Where(match => match.Length > 0).Select(match => match.Value),
                Matches(matcher, text).Where(match => match.Length > 0)
            );
        }
    }

    [Fact]
    public void A_possessive_repetition_gives_nothing_back()
    {
        Assert.Equal(["aab"], Matches("a++b", "aab"));
        Assert.Empty(Matches("a++ab", "aab"));
        Assert.Equal(["!word", " x"], Matches(@"[^\r\n\p{L}\p{N}]?+\p{L}+", "!word x"));
    }

    [Fact]
    public void Characters_beyond_the_basic_plane_are_one()
    {
        Assert.Equal(["𝐀𝒳", "😀"], Matches(@"\p{L}+|.", "𝐀𝒳😀"));
        Assert.Equal(["😀😀", "😀"], Matches("(?:.{2}|.)", "😀😀😀"));
        Assert.Equal(["𠀀𠮷"], Matches(@"\p{Han}+", "a𠀀𠮷b"));
    }

    [Fact]
    public void Case_is_ignored_as_Unicode_has_it() => Assert.Equal(["'ſ", "'S", "\u212A"], Matches("(?i:'s|k)", "'ſ'S\u212A"));

    [Fact]
    public void Bytes_that_are_no_text_match_no_property()
    {
        var matcher = new PatternMatcher(PatternProgram.Compile(@"\p{L}+|[^\s\p{L}\p{N}]"));
        byte[] text = [.. "a"u8, 0xE4, 0xBD, 0xFF, .. "b"u8];
        matcher.Begin(text.Length);
        var lengths = new List<int>();
        for (var (at, last) = (0, -1); matcher.TryFind(text, at, last, out var match); (at, last) = (match.End, match.End))
            lengths.Add(match.End - match.Start);

        Assert.Equal([1, 1, 1, 1, 1], lengths);
    }

    [Theory]
    [InlineData("(?:a+)+b")]
    [InlineData("(?:a|aa)+b")]
    [InlineData("(?:.*?){3}b")]
    [InlineData("(?:a*)*?b")]
    public void No_expression_hangs(string expression)
    {
        var text = new string('a', 100_000);

        Assert.Throws<PatternException>(() => Matches(expression, text));
    }

    [Fact]
    public void Steps_are_counted_over_all_pieces_of_a_text()
    {
        var matcher = new PatternMatcher(PatternProgram.Compile("(?:a+)+b"));
        var piece = Encoding.UTF8.GetBytes(new string('a', 18));

        // Each alone is within what a text may take.
        Assert.Throws<PatternException>(() =>
        {
            for (var count = 0; count < 1_000_000; count++)
            {
                matcher.Begin(piece.Length);
                matcher.TryFind(piece, 0, -1, out _);
            }
        });
    }

    [Fact]
    public void Long_runs_take_no_more_than_their_length()
    {
        // Those that published expressions have.
        foreach (var text in (string[])[new string(' ', 3_000_000), new string('A', 3_000_000), new string('字', 1_000_000)])
        {
            var expression =
                @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
            Assert.Single(Matches(expression, text));
        }
    }

    private static string Letters(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => "aaabbcABCx1 ,]-"[random.Next(15)]));

    private static List<string> Matches(string expression, string text) =>
        Matches(new PatternMatcher(PatternProgram.Compile(expression)), text);

    private static List<string> Matches(PatternMatcher matcher, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        matcher.Begin(bytes.Length);
        var found = new List<string>();
        for (
            var (at, last) = (0, -1);
            at <= bytes.Length && matcher.TryFind(bytes, at, last, out var match);
            (at, last) = (match.End, match.End)
        )
            found.Add(Encoding.UTF8.GetString(bytes.AsSpan(match.Start..match.End)));
        return found;
    }
}
