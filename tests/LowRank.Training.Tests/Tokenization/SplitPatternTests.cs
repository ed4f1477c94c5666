using System.Text;
using System.Text.RegularExpressions;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Tests.Tokenization;

public sealed class SplitPatternTests
{
    public static TheoryData<string> Patterns => new("GPT-2", "LLaMA 3", "Qwen 2");

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Words_are_those_of_the_regular_expression(string name)
    {
        var pattern = Pattern(name);
        var expression = new Regex(pattern.Expression, RegexOptions.CultureInvariant);
        var random = new Random(1);
        for (var i = 0; i < 4000; i++)
        {
            // .NET's expressions see halves of surrogate pairs, so characters beyond U+FFFF have a test of their own.
            var text = RandomText.Next(random, 40, beyondBasicPlane: false);
            Assert.Equal([.. expression.Matches(text).Select(match => match.Value)], Split(pattern, text));
        }
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Every_byte_is_in_exactly_one_word(string name)
    {
        var pattern = Pattern(name);
        var random = new Random(2);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            var start = 0;
            while (start < bytes.Length)
            {
                var end = pattern.EndOfWord(bytes, start);
                Assert.InRange(end, start + 1, bytes.Length);
                start = end;
            }
        }
    }

    [Fact]
    public void Letters_beyond_the_basic_plane_are_letters() =>
        Assert.Equal(["x𝐀𝒳y", " 😀😀", " 𝟘𝟙"], Split(SplitPattern.Gpt2, "x𝐀𝒳y 😀😀 𝟘𝟙"));

    [Fact]
    public void The_long_s_contracts_where_case_is_ignored() =>
        Assert.Equal(["it", "'ſ", "a", "'S", " x"], Split(SplitPattern.Llama3, "it'ſa'S x"));

    private static SplitPattern Pattern(string name) =>
        name switch
        {
            "GPT-2" => SplitPattern.Gpt2,
            "LLaMA 3" => SplitPattern.Llama3,
            _ => SplitPattern.Qwen2,
        };

    private static List<string> Split(SplitPattern pattern, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var words = new List<string>();
        for (var start = 0; start < bytes.Length; )
        {
            var end = pattern.EndOfWord(bytes, start);
            words.Add(Encoding.UTF8.GetString(bytes, start, end - start));
            start = end;
        }

        return words;
    }
}
