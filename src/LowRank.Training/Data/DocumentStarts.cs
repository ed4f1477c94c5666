namespace LowRank.Training.Data;

/// <summary>Where documents begin in windows of a text whose documents end with an end-of-text token.</summary>
internal static class DocumentStarts
{
    /// <summary>
    /// The positions at which documents begin in a row: 0, in the middle of a document as a rule, and behind every end-of-text token.
    /// </summary>
    /// <param name="row">Its tokens.</param>
    /// <param name="endOfText">The token.</param>
    public static IReadOnlyList<int> Behind(ReadOnlySpan<long> row, long endOfText)
    {
        var starts = new List<int> { 0 };
        for (var position = 1; position < row.Length; position++)
        {
            if (row[position - 1] == endOfText)
                starts.Add(position);
        }

        return starts;
    }
}
