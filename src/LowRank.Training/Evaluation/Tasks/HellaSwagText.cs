using System.Text;

namespace LowRank.Training.Evaluation.Tasks;

/// <summary>Takes out of HellaSwag's texts what is left of the pages that they come from.</summary>
internal static class HellaSwagText
{
    /// <summary>
    /// Without white space around it; <c> [title]</c> becomes the end of a sentence, other brackets are left out with all in them, and two
    /// spaces are one.
    /// </summary>
    public static string Clean(string text) =>
        WithoutBrackets(text.Trim().Replace(" [title]", ". ", StringComparison.Ordinal)).Replace("  ", " ", StringComparison.Ordinal);

    // From a bracket to the first that closes it in the same line.
    private static string WithoutBrackets(string text)
    {
        var left = new StringBuilder(text.Length);
        var (place, close) = (0, -1);
        for (var open = text.IndexOf('['); open >= 0; open = text.IndexOf('[', place))
        {
            // Found once for all the brackets before it.
            if (close < open)
                close = text.IndexOf(']', open);
            if (close < 0)
                break;
            var end = text.AsSpan(open, close - open).IndexOf('\n');
            left.Append(text, place, (end < 0 ? open : open + end) - place);
            place = end < 0 ? close + 1 : open + end;
        }

        return left.Append(text, place, text.Length - place).ToString();
    }
}
