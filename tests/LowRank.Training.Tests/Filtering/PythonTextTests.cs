using LowRank.Training.Filtering;

namespace LowRank.Training.Tests.Filtering;

public sealed class PythonTextTests
{
    [Fact]
    public void White_space_is_what_Python_calls_so()
    {
        int[] expected =
        [
            .. Enumerable.Range(0x09, 5),
            .. Enumerable.Range(0x1C, 5),
            0x85,
            0xA0,
            0x1680,
            .. Enumerable.Range(0x2000, 11),
            0x2028,
            0x2029,
            0x202F,
            0x205F,
            0x3000,
        ];
        Assert.Equal(expected, Enumerable.Range(0, 0x10000).Where(value => PythonText.IsSpace((char)value)));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a\n", "a")]
    [InlineData("\na\n\nb", "|a||b")]
    [InlineData("a\r\nb\rc\vd\fe", "a|b|c|d|e")]
    [InlineData("a\u001Cb\u001Dc\u001Ed\u0085e\u2028f\u2029g\u001Fh", "a|b|c|d|e|f|g\u001Fh")]
    [InlineData("a\n\rb", "a||b")]
    public void Lines_are_those_of_splitlines(string text, string lines)
    {
        var found = new List<string>();
        var rest = text.AsSpan();
        while (PythonText.TryTakeLine(ref rest, out var line))
            found.Add(line.ToString());
        Assert.Equal(lines, string.Join('|', found));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("a😀b𝒜", 4)]
    public void Lengths_count_code_points(string text, int length) => Assert.Equal(length, PythonText.Length(text));

    [Fact]
    public void Stripping_takes_all_white_space()
    {
        Assert.Equal("a b", PythonText.Trim("\u001F\u00A0 a b\u2029\n").ToString());
        Assert.Equal("", PythonText.Trim(" \t ").ToString());
    }
}
