using System.Runtime.InteropServices;
using LowRank.Layers;

namespace LowRank.Training.Generation;

/// <summary>One text that grows: what was read, what was drawn, and what the model has yet to read.</summary>
internal sealed class Continuation
{
    private readonly List<int> text;
    private readonly List<int> generated = [];
    private readonly Sampler sampler;
    private readonly int tokens;
    private readonly int context;
    private readonly IReadOnlyList<int> endTokens;
    private readonly PromptCache cache;
    private int unread;

    /// <summary>A text before its first new token.</summary>
    /// <param name="prompt">Its ids so far; at least one.</param>
    /// <param name="tokens">Most tokens to draw.</param>
    /// <param name="sampler">Draws them.</param>
    /// <param name="cache">
    /// Empty, or with what was read of another text, of which the common beginning is kept. It stays the caller's.
    /// </param>
    /// <param name="endTokens">Ids at which the text ends.</param>
    public Continuation(IReadOnlyList<int> prompt, int tokens, Sampler sampler, PromptCache cache, IReadOnlyList<int> endTokens)
    {
        (text, this.tokens, this.sampler, this.cache, this.endTokens) = ([.. prompt], tokens, sampler, cache, endTokens);
        context = cache.Keys.Capacity;
        HasEnded = tokens == 0;
        if (text.Count <= context)
        {
            unread = text.Count - cache.Keep(text);
            return;
        }

        // Of a longer prompt the end alone is read, at other positions.
        cache.Clear();
        unread = context;
    }

    /// <summary>Keys and values of what was read.</summary>
    public KeyValueCache Cache => cache.Keys;

    /// <summary>What was drawn.</summary>
    public IReadOnlyList<int> Generated => generated;

    /// <summary>Whether nothing more is to be drawn.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The tokens that are to be read next.</summary>
    public ReadOnlySpan<int> Unread => CollectionsMarshal.AsSpan(text)[^unread..];

    /// <summary>
    /// Where the cache is full: empties it, and has the last half of the context read again. Where the text outgrows the context of short
    /// rotary frequencies: has all of it read again, with the long ones.
    /// </summary>
    public void MakeRoom()
    {
        if (Cache.Length + unread <= Cache.Capacity)
        {
            if (!cache.GoesOnAs(Cache.Length + unread))
            {
                unread += Cache.Length;
                cache.Clear();
            }

            return;
        }

        cache.Clear();
        unread = Math.Min(text.Count, TextGenerator.ReadAgain(context));
    }

    /// <summary>Draws the next token.</summary>
    /// <param name="logits">Those after what was unread.</param>
    public void Take(ReadOnlySpan<float> logits)
    {
        cache.Add(Unread);
        var token = sampler.Sample(logits);
        unread = 1;
        if (endTokens.Contains(token))
        {
            HasEnded = true;
            return;
        }

        text.Add(token);
        generated.Add(token);
        HasEnded = generated.Count == tokens;
    }
}
