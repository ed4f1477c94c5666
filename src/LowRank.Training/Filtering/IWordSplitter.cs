namespace LowRank.Training.Filtering;

/// <summary>
/// What counts as a word. Many rules count words, and their published numbers belong to one splitter: with another one, a text near
/// a threshold may fall to its other side.
/// </summary>
internal interface IWordSplitter
{
    /// <summary>What it is called in pipelines and reports.</summary>
    string Name { get; }

    /// <summary>
    /// Appends the words of <paramref name="text"/> to <paramref name="words"/>, in order and without overlap. Words are pieces of the
    /// text, not empty and without white space; what lies between two of them may be empty.
    /// </summary>
    void Split(ReadOnlySpan<char> text, WordList words);
}
