namespace LowRank.Training.Filtering;

/// <summary>Words are what stands between white space.</summary>
internal sealed class WhiteSpaceSplitter : IWordSplitter
{
    /// <inheritdoc/>
    public string Name => "white-space";

    /// <inheritdoc/>
    public void Split(ReadOnlySpan<char> text, WordList words)
    {
        var position = 0;
        while (position < text.Length)
        {
            var length = PythonText.NextSpace(text[position..]);
            if (length > 0)
                words.Add(position, length);
            position += length + 1;
        }
    }
}
