using LowRank.Layers;

namespace LowRank.Training.Generation;

/// <summary>
/// What a model has read of one text, for the next one: of a prompt that begins as that text did, only what follows is read (prefix
/// caching).
/// </summary>
/// <param name="context">Most tokens that are held.</param>
/// <param name="shortContexts">Tokens of the longest texts whose rotary frequencies are those of short ones.</param>
internal sealed class PromptCache(int context, IReadOnlyList<int> shortContexts) : IDisposable
{
    private readonly List<int> read = [];

    /// <summary>Keys and values of what was read.</summary>
    public KeyValueCache Keys { get; } = new(batch: 1, context);

    /// <summary>
    /// Keeps what a text has in common with the one that was read, at most all but its last token: the logits behind that are to come.
    /// </summary>
    /// <param name="text">The text's ids.</param>
    /// <returns>How many of its tokens needn't be read.</returns>
    public int Keep(IReadOnlyList<int> text)
    {
        var most = Math.Min(read.Count, text.Count - 1);
        var common = 0;
        while (common < most && read[common] == text[common])
            common++;
        // All tokens of a long text turn otherwise than those of a short one.
        common = Keys.Truncate(GoesOnAs(text.Count) ? common : 0);
        read.RemoveRange(common, read.Count - common);
        return common;
    }

    /// <summary>Whether what was read is a part of a text of another length as it is.</summary>
    public bool GoesOnAs(int length) => Keys.GoesOnAs(shortContexts, length);

    /// <summary>Notes tokens as read.</summary>
    public void Add(ReadOnlySpan<int> tokens) => read.AddRange(tokens);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Keys.Clear();
        read.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Keys.Dispose();
}
