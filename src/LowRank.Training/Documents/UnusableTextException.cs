namespace LowRank.Training.Documents;

/// <summary>
/// A file holds no text that can be read. A file that was named ends the program with it; one found in a folder is passed over.
/// </summary>
internal sealed class UnusableTextException : InputException
{
    /// <param name="reason">The reason in a few words, by which files are counted: "12 not UTF-8".</param>
    /// <param name="message">What is wrong, where, and what to do.</param>
    public UnusableTextException(string reason, string message)
        : base(message) => Reason = reason;

    private UnusableTextException(string reason, FormattableString sentence)
        : base(sentence) => Reason = reason;

    public string Reason { get; }

    /// <summary>The same with a sentence that names options.</summary>
    public static UnusableTextException Naming(string reason, FormattableString sentence) => new(reason, sentence);
}
