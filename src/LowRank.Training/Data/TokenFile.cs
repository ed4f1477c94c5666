namespace LowRank.Training.Data;

/// <summary>Where tokens lie in a file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">Bytes before the first token.</param>
/// <param name="BytesPerToken">2 or 4: unsigned little-endian integers.</param>
/// <param name="Tokens">Number of tokens.</param>
internal sealed record TokenFile(string Path, long Start, int BytesPerToken, long Tokens)
{
    /// <summary>Bytes up to the end of the last token.</summary>
    public long End => checked(Start + (Tokens * BytesPerToken));
}
