namespace LowRank.Training.Documents;

/// <summary>Documents end their lines with <c>\n</c> alone.</summary>
internal static class LineEnds
{
    /// <summary>The text with <c>\n</c> for every <c>\r\n</c>; it is changed in place.</summary>
    public static Span<byte> Normalize(Span<byte> text)
    {
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\r' || i + 1 == text.Length || text[i + 1] != '\n')
                text[length++] = text[i];
        }

        return text[..length];
    }
}
