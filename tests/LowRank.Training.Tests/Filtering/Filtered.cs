using System.Globalization;
using LowRank.Training.Documents;
using LowRank.Training.Filtering;

namespace LowRank.Training.Tests.Filtering;

/// <summary>Applies filters to texts.</summary>
internal static class Filtered
{
    /// <summary>A character that takes two UTF-16 units and counts as one.</summary>
    public const string Pair = "\U0001D49C";

    public static TextWords English => new(new EnglishSplitter());

    public static TextWords Spaced => new(new WhiteSpaceSplitter());

    /// <summary>Why <paramref name="text"/> is dropped; null if it isn't.</summary>
    public static string? Reason(this IDocumentFilter filter, string text, string? url = null) =>
        filter.Apply(
            new Document
            {
                Id = "0",
                Text = text,
                Url = url,
            }
        );

    /// <summary>What becomes of a text that is kept.</summary>
    public static string Kept(this IDocumentFilter filter, string text)
    {
        var document = new Document { Id = "0", Text = text };
        Assert.Null(filter.Apply(document));
        return document.Text;
    }

    /// <summary>A text of so many code points.</summary>
    public static string Characters(int count, string character = "x") => string.Concat(Enumerable.Repeat(character, count));

    /// <summary>Different words of two letters or more, joined by spaces.</summary>
    public static string Words(int count) => string.Join(' ', Enumerable.Range(0, count).Select(Word));

    /// <summary>A word that belongs to a number alone.</summary>
    public static string Word(int number) =>
        $"w{string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(digit => (char)(digit + 'a' - '0')))}";
}
