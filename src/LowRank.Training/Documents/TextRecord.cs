namespace LowRank.Training.Documents;

/// <summary>A record of a file as it was read.</summary>
/// <param name="Text">The text as UTF-8, lines ended by <c>\n</c>; not empty.</param>
/// <param name="Number">The line, element, row, record or piece that it is, from 1.</param>
/// <param name="Metadata">What the record says of it; null if that wasn't asked for, or it can say nothing.</param>
internal readonly record struct TextRecord(byte[] Text, long Number, RecordMetadata? Metadata = null);
