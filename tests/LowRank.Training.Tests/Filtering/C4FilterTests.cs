using LowRank.Training.Filtering;
using static LowRank.Training.Tests.Filtering.Filtered;

namespace LowRank.Training.Tests.Filtering;

public sealed class C4FilterTests
{
    private const string FourLines =
        "The mill stands by the brook.\nIts wheel has been still for years.\nNobody grinds grain there.\nOnly swallows nest in it.";

    /// <summary>Lines are left alone; each test asks for what it is about.</summary>
    private static readonly C4Options Nothing = new()
    {
        RemoveCitations = false,
        RequireTerminalPunctuation = false,
        MinSentences = null,
        MinWordsPerLine = null,
        MaxWordLength = null,
        DropLoremIpsum = false,
        DropJavaScriptLines = false,
        DropCurlyBrackets = false,
        DropPolicyLines = false,
    };

    [Fact]
    public void Prose_is_kept_as_it_is() =>
        Assert.Equal($"{FourLines}\nIts roof is gone.", new C4Filter(new()).Kept($"{FourLines}\nIts roof is gone."));

    [Theory]
    [InlineData("Here stands lorem ipsum dolor sit amet.", "lorem_ipsum")]
    [InlineData("Here stands LOREM Ipsum dolor.", "lorem_ipsum")]
    [InlineData("Some code has a { bracket.", "curly_bracket")]
    [InlineData("Too short.", "too_few_sentences")]
    public void Documents_are_dropped_for_one_line(string line, string reason) =>
        Assert.Equal(reason, new C4Filter(new()).Reason($"{FourLines}\n{line}"));

    [Theory]
    [InlineData("short {", "too_few_words")]
    [InlineData("no end but a { bracket", "no_terminal_punc")]
    [InlineData("Enable JavaScript to see the { menu.", "javascript")]
    public void What_stands_in_a_line_taken_out_drops_no_document(string line, string reason)
    {
        var options = reason == "too_few_words" ? new C4Options { RequireTerminalPunctuation = false } : new C4Options();
        var filter = new C4Filter(options);
        Assert.Equal($"{FourLines}\nIts roof is gone.", filter.Kept($"{FourLines}\n{line}\nIts roof is gone."));
        Assert.Equal(new Dictionary<string, long> { [reason] = 1 }, filter.Removals);
    }

    [Theory]
    [InlineData("This site uses cookies for tracking.")]
    [InlineData("Read our Terms Of Use first.")]
    [InlineData("See the PRIVACY POLICY below.")]
    [InlineData("A coo\u212Aie policy applies.")]
    [InlineData("By the use of cookies we learn.")]
    [InlineData("We use cookies, too.")]
    public void Lines_about_policies_are_taken_out(string line)
    {
        var filter = new C4Filter(Nothing with { DropPolicyLines = true });
        Assert.Equal("Another line.", filter.Kept($"{line}\nAnother line."));
        Assert.Equal(1, filter.Removals["policy"]);
    }

    [Fact]
    public void Checks_can_be_switched_off_one_by_one()
    {
        const string Text = "one [1]\nlorem ipsum\njavascript\n{\nprivacy policy";
        Assert.Equal(Text, new C4Filter(Nothing).Kept(Text));
        Assert.Equal("one \nlorem ipsum\njavascript\n{\nprivacy policy", new C4Filter(Nothing with { RemoveCitations = true }).Kept(Text));
        Assert.Equal("", new C4Filter(Nothing with { RequireTerminalPunctuation = true }).Kept(Text));
        Assert.Equal("one [1]\nlorem ipsum\nprivacy policy", new C4Filter(Nothing with { MinWordsPerLine = 2 }).Kept(Text));
        Assert.Equal("lorem_ipsum", new C4Filter(Nothing with { DropLoremIpsum = true }).Reason(Text));
        Assert.Equal("one [1]\nlorem ipsum\n{\nprivacy policy", new C4Filter(Nothing with { DropJavaScriptLines = true }).Kept(Text));
        Assert.Equal("curly_bracket", new C4Filter(Nothing with { DropCurlyBrackets = true }).Reason(Text));
        Assert.Equal("one [1]\nlorem ipsum\njavascript\n{", new C4Filter(Nothing with { DropPolicyLines = true }).Kept(Text));
        Assert.Null(new C4Filter(Nothing with { MinSentences = 5 }).Reason(Text));
        Assert.Equal("too_few_sentences", new C4Filter(Nothing with { MinSentences = 6 }).Reason(Text));
    }

    [Theory]
    [InlineData("He was born[1] there.[23][]", "He was born there.")]
    [InlineData("History[edit] of it[citation needed].", "History of it.")]
    [InlineData("Not [Edit] nor [1a] nor [[2]] nor [3", "Not [Edit] nor [1a] nor [] nor [3")]
    [InlineData("[[edit]", "[")]
    [InlineData("[\u0663][\U0001D7D8]x", "x")]
    public void Citations_are_taken_out(string text, string rest) =>
        Assert.Equal(rest, new C4Filter(Nothing with { RemoveCitations = true }).Kept(text));

    [Theory]
    [InlineData("A line.", true)]
    [InlineData("A line?", true)]
    [InlineData("A line!", true)]
    [InlineData("A line\"", true)]
    [InlineData("A line'", true)]
    [InlineData("A line.  \u001F", true)]
    [InlineData("A line...", false)]
    [InlineData("A line…", false)]
    [InlineData("A line.)", false)]
    [InlineData("A line”", false)]
    [InlineData("A line. [1]", false)]
    [InlineData("A line.[1]", true)]
    public void Lines_end_in_terminal_punctuation(string line, bool kept)
    {
        var text = new C4Filter(Nothing with { RequireTerminalPunctuation = true, RemoveCitations = true }).Kept(line);
        Assert.Equal(kept, text.Length > 0);
    }

    [Fact]
    public void Words_of_a_line_are_counted_before_citations_are_taken_out()
    {
        var filter = new C4Filter(Nothing with { MinWordsPerLine = 3, RemoveCitations = true });
        Assert.Equal("two words", filter.Kept("two words [1]"));
        Assert.Equal("", filter.Kept("two words"));
        Assert.Equal("a\u001Cb\u00A0c".Replace('\u001C', ' '), filter.Kept("a b\u00A0c"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData(Pair)]
    public void The_longest_word_has_a_thousand_characters(string character)
    {
        var filter = new C4Filter(Nothing with { MaxWordLength = 1000, RemoveCitations = true });
        Assert.NotEqual("", filter.Kept($"a {Characters(1000, character)} b"));
        Assert.Equal("", filter.Kept($"a {Characters(1001, character)} b"));
        Assert.Equal("", filter.Kept($"a {Characters(998, character)}[1] b"));
        Assert.Equal(2, filter.Removals["too_long_word"]);
    }

    [Fact]
    public void Lines_end_where_Python_ends_them_and_are_joined_by_newlines() =>
        Assert.Equal("one\ntwo\nthree\n\nfour", new C4Filter(Nothing).Kept("\n one \u2028two\r\nthree\v\n four\n"));

    [Fact]
    public void A_text_that_stays_the_same_stays_the_same_string()
    {
        var document = new LowRank.Training.Documents.Document { Id = "0", Text = FourLines };
        Assert.Null(new C4Filter(Nothing).Apply(document));
        Assert.Same(FourLines, document.Text);
    }

    [Theory]
    [InlineData("One. Two. Three.", 3)]
    [InlineData("Mr. Smith lives in the U.S. now. Yes!", 2)]
    [InlineData("What?! Really... No.", 2)]
    [InlineData("He said \"Go.\" Then he left.", 2)]
    [InlineData("See example.com for more.", 1)]
    [InlineData("No end", 1)]
    [InlineData("", 1)]
    [InlineData("One. )", 1)]
    [InlineData("One.  )", 2)]
    [InlineData("One. (Two.)", 2)]
    [InlineData("Eins。 Zwei𑅃 drei", 2)]
    public void Sentences_are_those_of_the_reference(string text, int sentences)
    {
        Assert.Equal(sentences, new SentenceCounter().Count(text, int.MaxValue));
        Assert.Equal(Math.Min(2, sentences), new SentenceCounter().Count(text, 2));
    }

    [Fact]
    public void Thousands_of_texts_fare_as_in_a_slow_implementation()
    {
        string[] pieces =
        [
            "word",
            "the end.",
            "end!",
            "end?",
            "\"",
            "...",
            ".",
            "[1]",
            "[edit]",
            "[citation needed]",
            "[x]",
            "{",
            "lorem ipsum",
            "Lorem",
            "JavaScript",
            "use cookies",
            "Privacy Policy",
            "Mr.",
            Pair,
            Characters(9),
            "\n",
            "\n",
            "\n\n",
            "\r\n",
            "\u2028",
            " ",
            "  ",
            "\u00A0",
        ];
        var random = new Random(4);
        var reasons = new HashSet<string?>();
        for (var i = 0; i < 5000; i++)
        {
            var text =
                string.Join(
                    ' ',
                    Enumerable.Range(0, random.Next(1, 60)).Select(_ => pieces[random.Next(random.Next(2) == 0 ? pieces.Length : 6)])
                ) + (random.Next(3) == 0 ? "\n" : "");
            bool Is() => random.Next(2) == 0;
            var options = new C4Options
            {
                RemoveCitations = Is(),
                RequireTerminalPunctuation = Is(),
                MinSentences = Is() ? random.Next(8) : null,
                MinWordsPerLine = Is() ? random.Next(5) : null,
                MaxWordLength = Is() ? random.Next(4, 10) : null,
                DropLoremIpsum = Is(),
                DropJavaScriptLines = Is(),
                DropCurlyBrackets = Is(),
                DropPolicyLines = Is(),
            };
            var document = new LowRank.Training.Documents.Document { Id = "0", Text = text };
            var reason = new C4Filter(options).Apply(document);
            var expected = SlowC4.Apply(text, options);
            Assert.True(expected == (reason, document.Text), $"{expected} {reason} {options}, text {i}: {text}");
            reasons.Add(reason);
        }

        Assert.Equal(4, reasons.Count);
    }

    [Fact]
    public void Limits_that_mean_nothing_are_refused()
    {
        var error = Assert.Throws<InputException>(() => new C4Filter(new() { MaxWordLength = 0 }));
        Assert.Equal("maxWordLength of c4 is 0, and must be at least 1.", error.Message);
    }
}
