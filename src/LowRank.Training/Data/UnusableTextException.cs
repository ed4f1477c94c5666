namespace LowRank.Training.Data;

/// <summary>
/// A file holds no text that can be read. A file that was named ends the program with it; one found in a folder is passed over.
/// </summary>
/// <param name="reason">The reason in a few words, by which files are counted: "12 not UTF-8".</param>
/// <param name="message">What is wrong, where, and what to do.</param>
internal sealed class UnusableTextException(string reason, string message) : InputException(message)
{
    public string Reason { get; } = reason;
}
