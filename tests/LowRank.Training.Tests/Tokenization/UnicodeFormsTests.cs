using System.Text;
using LowRank.Training.Tokenization.Normalization;

namespace LowRank.Training.Tests.Tokenization;

public sealed class UnicodeFormsTests
{
    // Expected forms from another implementation (Python's unicodedata).
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("cafe\u0301", "caf\u00e9")]
    [InlineData("A\u030a", "\u00c5")]
    [InlineData("\u212b", "\u00c5")]
    [InlineData("\u2126", "\u03a9")]
    [InlineData("\u1100\u1161", "\uac00")]
    [InlineData("\u1100\u1161\u11a8", "\uac01")]
    [InlineData("\uac00\u11a8", "\uac01")]
    [InlineData("a\u0323\u0302", "\u1ead")]
    [InlineData("a\u0302\u0323", "\u1ead")]
    [InlineData("\u1e69", "\u1e69")]
    [InlineData("s\u0307\u0323", "\u1e69")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u0958", "\u0915\u093c")]
    [InlineData("\u2adc", "\u2add\u0338")]
    [InlineData("\u0341", "\u0301")]
    [InlineData("\uf900", "\u8c48")]
    [InlineData("\u05e9\u05c1\u05bc", "\u05e9\u05bc\u05c1")]
    [InlineData("\u0b47\u0b3e", "\u0b4b")]
    [InlineData("\u0301e", "\u0301e")]
    [InlineData("e\u0301\u0301", "\u00e9\u0301")]
    [InlineData("\u4e2d\u6587", "\u4e2d\u6587")]
    [InlineData("\u1e9b\u0323", "\u1e9b\u0323")]
    [InlineData("o\u0328\u0304", "\u01ed")]
    [InlineData("\u0f71\u0f72", "\u0f71\u0f72")]
    [InlineData("a\u0327\u0315\u0300\u05aeb", "\u00e0\u0327\u05ae\u0315b")]
    public void Text_is_put_into_form_C(string text, string expected)
    {
        Assert.Equal(expected, Encoding.UTF8.GetString(UnicodeForms.Normalize(Encoding.UTF8.GetBytes(text))));
        Assert.Equal(expected, Encoding.UTF8.GetString(UnicodeForms.Normalize(Encoding.UTF8.GetBytes(expected))));
    }

    [Fact]
    public void Bytes_that_are_no_text_stay_and_keep_characters_apart()
    {
        byte[] broken = [(byte)'e', 0xFF, 0xCC, 0x81, 0xE4, 0xB8];
        Assert.Equal(broken, UnicodeForms.Normalize(broken).ToArray());
    }

    [Fact]
    public void Composed_text_is_not_copied()
    {
        var text = Encoding.UTF8.GetBytes("\u00e9t\u00e9 \u4e2d\u6587 \ud55c\uad6d\uc5b4 \u0440\u0443\u0441");
        Assert.True(UnicodeForms.Normalize(text) == text.AsSpan());
    }

    [Fact]
    public void Hundreds_of_thousands_of_marks_in_a_row_are_ordered_in_time()
    {
        // By insertion it would be 10^11 steps.
        const int Count = 300_000;
        var text = "a" + new string('\u0301', Count) + new string('\u0323', Count);

        var composed = UnicodeForms.Normalize(Encoding.UTF8.GetBytes(text)).ToArray();

        Assert.Equal("\u1ea1" + new string('\u0323', Count - 1) + new string('\u0301', Count), Encoding.UTF8.GetString(composed));
    }
}
