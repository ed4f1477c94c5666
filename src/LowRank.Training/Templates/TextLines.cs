namespace LowRank.Training.Templates;

/// <summary>Lines as Python's <c>splitlines</c> cuts them: also at form feeds, separators and Unicode's own ends of lines.</summary>
internal static class TextLines
{
    /// <summary>The lines without their ends; none for an empty text.</summary>
    public static List<string> Split(string text)
    {
        var lines = new List<string>();
        var start = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is not ('\n' or '\r' or '\v' or '\f' or (>= '\x1C' and <= '\x1E') or '\x85' or '\u2028' or '\u2029'))
                continue;
            lines.Add(text[start..at]);
            if (text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n')
                at++;
            start = at + 1;
        }

        if (start < text.Length)
            lines.Add(text[start..]);
        return lines;
    }
}
