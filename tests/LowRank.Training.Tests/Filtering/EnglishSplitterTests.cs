using LowRank.Training.Filtering;

namespace LowRank.Training.Tests.Filtering;

/// <summary>Words as spaCy's blank English divides them; the expected ones were made by its own rules.</summary>
public sealed class EnglishSplitterTests
{
    [Theory]
    [InlineData("I don't know, can't you?", "I do n't know , ca n't you ?")]
    [InlineData("(see http://example.com/x?y=1).", "( see http://example.com/x?y=1 ) .")]
    [InlineData("U.S.A. IBM. U.S. J. Smith", "U.S.A. IBM . U.S. J. Smith")]
    [InlineData("5km. 3.14 10,000 50% 5€ US$5 $5.00", "5 km . 3.14 10,000 50 % 5 € US$ 5 $ 5.00")]
    [InlineData("well-known state-of-the-art 5-6 x-1", "well - known state - of - the - art 5 - 6 x-1")]
    [InlineData("e.g. Mr. Smith's dog, it's a.m.-p.m.", "e.g. Mr. Smith 's dog , it 's a.m.-p.m .")]
    [InlineData("hello:) :-) <3", "hello :) :-) <3")]
    [InlineData("a/b and/or w/o x=5 x=y", "a / b and/or w/o x=5 x = y")]
    [InlineData("#tag @user foo@bar.com foo@bar", "# tag @user foo@bar.com foo@bar")]
    [InlineData("\"quoted...\" wait.... so..and", "\" quoted ... \" wait .... so .. and")]
    [InlineData("lower.Upper System.Collections.Generic", "lower . Upper System . Collections . Generic")]
    [InlineData("cannot gonna dont id Its its 10am", "can not gon na do nt i d Its its 10 am")]
    [InlineData("that’s I’m they'll've", "that ’s I ’m they 'll 've")]
    [InlineData("192.168.0.1 8.8.8.8:80/x 1.2", "192.168.0.1 8.8.8.8:80/x 1.2")]
    [InlineData("[12] {x} <b> 'a' “b”", "[ 12 ] { x } < b > ' a ' “ b ”")]
    [InlineData("a\u00A0b\u001Cc\n\nd\t e", "a b c d e")]
    [InlineData("so😀fine 😀😀 𝒜-b", "so 😀 fine 😀 😀 𝒜-b")]
    [InlineData("+5 + a+b 1+2 -- --a a--b", "+5 + a+b 1 + 2 -- --a a -- b")]
    [InlineData("", "")]
    [InlineData(" \n ", "")]
    public void Words_are_those_of_the_reference(string text, string words) => Assert.Equal(words, Joined(new EnglishSplitter(), text));

    [Theory]
    [InlineData("http://ex.com/a-b", true)]
    [InlineData("ex.com/a-b", true)]
    [InlineData("ex.Com/a-b", false)]
    [InlineData("me@ex.com/a-b", true)]
    [InlineData("me@x@ex.com/a-b", true)]
    [InlineData("ma-il:x@ex.com#a-b", true)]
    [InlineData("10.0.0.1/a-b", false)]
    [InlineData("8.8.8.8/a-b", true)]
    [InlineData("8.8.8.8:80/a-b", true)]
    [InlineData("224.1.1.1/a-b", false)]
    [InlineData("1.2.3.254/a-b", true)]
    [InlineData("1.2.3.255/a-b", false)]
    [InlineData("ex.com:80/a-b", true)]
    [InlineData("ex.com:8/a-b", false)]
    [InlineData("ex_.com/a-b", false)]
    [InlineData("a://ex.com/a-b", false)]
    [InlineData("ab://ex.com?a-b", true)]
    [InlineData("²a://ex.com?a-b", true)]
    [InlineData("a!b://ex.com?a-b", false)]
    [InlineData("a-b.com", true)]
    [InlineData("a-b.c", false)]
    [InlineData("ex.com.a-b", false)]
    [InlineData("a,b.com", false)]
    [InlineData("münchen.de/a-b", true)]
    public void Addresses_are_one_word(string text, bool isAddress)
    {
        Assert.Equal(isAddress, WebAddress.Matches(text));
        Assert.Equal(isAddress, Joined(new EnglishSplitter(), text) == text);
    }

    [Theory]
    [InlineData("a  b\tc\u2028d\u001Ce", "a b c d e")]
    [InlineData(" don't. ", "don't.")]
    [InlineData("", "")]
    public void White_space_alone_divides_words(string text, string words) => Assert.Equal(words, Joined(new WhiteSpaceSplitter(), text));

    [Fact]
    public void A_text_is_split_once_for_all_who_ask()
    {
        var splitter = new Counting();
        var words = new TextWords(splitter);
        var text = new string("one two");
        Assert.Equal(2, words.Of(text).Count);
        Assert.Equal(2, words.Of(text).Count);
        Assert.Equal(1, splitter.Splits);
        Assert.Equal(3, words.Of("one two three").Count);
        Assert.Equal(2, words.Of(text).Count);
        Assert.Equal(3, splitter.Splits);
    }

    private static string Joined(IWordSplitter splitter, string text)
    {
        var words = new WordList();
        splitter.Split(text, words);
        return string.Join(' ', Enumerable.Range(0, words.Count).Select(i => text.Substring(words.Starts[i], words.Lengths[i])));
    }

    private sealed class Counting : IWordSplitter
    {
        public int Splits { get; private set; }

        public string Name => "counting";

        public void Split(ReadOnlySpan<char> text, WordList words)
        {
            Splits++;
            new WhiteSpaceSplitter().Split(text, words);
        }
    }
}
