namespace LowRank.Training.Documents;

/// <summary>A text and what is known of where it comes from. Rules may rewrite the text and add what they find out.</summary>
internal sealed class Document
{
    /// <summary>Names it within its collection: that of its record, or the file's name and the number of the record in it.</summary>
    public required string Id { get; init; }

    /// <summary>The text, lines ended by <c>\n</c>; never half of a surrogate pair.</summary>
    public required string Text { get; set; }

    /// <summary>The address of its page; null if unknown.</summary>
    public string? Url { get; init; }

    /// <summary>When it was fetched, as the source writes it; null if unknown.</summary>
    public string? Date { get; init; }

    /// <summary>The crawl that it was fetched in, such as CC-MAIN-2024-10; null if unknown.</summary>
    public string? Dump { get; init; }

    /// <summary>ISO 639-1 code of its language; null as long as nobody has looked.</summary>
    public string? Language { get; set; }

    /// <summary>How sure that is, from 0 to 1.</summary>
    public double? LanguageScore { get; set; }
}
