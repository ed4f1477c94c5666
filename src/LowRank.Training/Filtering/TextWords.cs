namespace LowRank.Training.Filtering;

/// <summary>
/// The words of one text, split when they are first asked for. Filters that stand in one chain share one, so that a text is split
/// once however many of them count words.
/// </summary>
/// <param name="splitter">What counts as a word.</param>
internal sealed class TextWords(IWordSplitter splitter)
{
    private readonly WordList words = new();
    private string? split;

    /// <summary>What counts as a word.</summary>
    public IWordSplitter Splitter => splitter;

    /// <summary>The words of <paramref name="text"/>, valid until those of another text are asked for.</summary>
    public WordList Of(string text)
    {
        // A string never changes: the same one has the same words. A rewritten text is another string.
        if (!ReferenceEquals(split, text))
        {
            words.Clear();
            splitter.Split(text, words);
            split = text;
        }

        return words;
    }
}
