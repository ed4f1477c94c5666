using LowRank.Training.Deduplication;

namespace LowRank.Training.Tests.Deduplication;

public sealed class TextNormalizerTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  \t\n ", "")]
    [InlineData("Hello, World!", "hello world")]
    // A row of a table: each number is one 0.
    [InlineData("|$17.56||1|\n|$15.37||2599|", "0 0 0 0")]
    [InlineData("1,234.5 and 1.2.3", "0 0 and 0 0")]
    [InlineData("3. Then 4", "0 then 0")]
    [InlineData("a1b22c", "a0b0c")]
    // Digits of other scripts, with their separators, and beyond the first 65,536 characters.
    [InlineData("\u0661\u066B\u0662 \u0967\u0968", "0 0")]
    [InlineData("\uD835\uDFCE\uD835\uDFCF.5x", "0x")]
    [InlineData("5.\uD835\uDFCF", "0")]
    // A Roman numeral and a fraction are no decimal digits.
    [InlineData("\u2167 \u00BD", "\u2177 \u00BD")]
    [InlineData("\uFF11\uFF12", "0")]
    // Marks: composed, apart, several; a letter with a stroke has none.
    [InlineData("Café Ångström", "cafe angstrom")]
    [InlineData("cafe\u0301 \u1EC7 e\u0323\u0302 \u0142", "cafe e e \u0142")]
    [InlineData("\u0301a \u0301 b", "a  b")]
    [InlineData("\u0301", "")]
    // Korean syllables become their letters.
    [InlineData("\uAC01", "\u1100\u1161\u11A8")]
    [InlineData("\u0130stanbul", "istanbul")]
    [InlineData("ΣΊΣΥΦΟΣ ΣΑΣ. Σ", "σισυφος σας σ")]
    [InlineData("Ο\u0301Σ\u0301", "ος")]
    [InlineData("ΑΣ'Β", "ασ β")]
    [InlineData("\u24B6Σ \uD801\uDC00Σ. Σ\uD801\uDC00", "\u24D0ς \uD801\uDC28ς σ\uD801\uDC28")]
    // Quotation marks and dashes, but not the one that is missing in the list, and no bullet.
    [InlineData("“x” — y’s ‘z • w", "x y s ‘z • w")]
    [InlineData("a\u0000b\u007Fc\u0085d\u00A0e\u3000f\u2028g", "a b c d e f g")]
    [InlineData("\uD83D\uDE00 \uD801\uDC00", "\uD83D\uDE00 \uD801\uDC28")]
    public void Texts_that_differ_in_form_alone_become_alike(string text, string expected) =>
        Assert.Equal(expected, new TextNormalizer().Normalize(text).ToString());

    [Fact]
    public void Punctuation_leaves_nothing()
    {
        const string Punctuation = "!/—”:％〈&(、━\\【#%「」，】；+^]~“《„';’{|∶´[=-`*．（–？！：$～«〉,><》)?）。…@_.\"}►»";
        Assert.Equal("", new TextNormalizer().Normalize(Punctuation + "\u0001\u000B\u001F\u0090").ToString());
        Assert.Equal("0", new TextNormalizer().Normalize(Punctuation + "１" + Punctuation).ToString());
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() =>
        Assert.Equal("x\uFFFD y\uFFFD", new TextNormalizer().Normalize("x\uD83D y\uDC00").ToString());

    [Fact]
    public void A_short_text_after_a_long_one_is_right_too()
    {
        var normalizer = new TextNormalizer();
        var syllables = new string('\uAC01', 1000);
        Assert.Equal(3000, normalizer.Normalize(syllables).Length);
        Assert.Equal("a", normalizer.Normalize("A!").ToString());
    }
}
