using System.Runtime.InteropServices;
using LowRank.Layers;

namespace LowRank.Training.Generation;

/// <summary>One text that grows: what was read, what was drawn, and what the model has yet to read.</summary>
internal sealed class Continuation : IDisposable
{
    private readonly List<int> text;
    private readonly List<int> generated = [];
    private readonly Sampler sampler;
    private readonly int tokens;
    private readonly int context;
    private readonly IReadOnlyList<int> endTokens;
    private int unread;

    public Continuation(IReadOnlyList<int> prompt, int tokens, Sampler sampler, int context, IReadOnlyList<int> endTokens)
    {
        (text, this.tokens, this.sampler, this.context, this.endTokens) = ([.. prompt], tokens, sampler, context, endTokens);
        Cache = new KeyValueCache(batch: 1, context);
        unread = Math.Min(text.Count, context);
        HasEnded = tokens == 0;
    }

    /// <summary>Keys and values of what was read.</summary>
    public KeyValueCache Cache { get; }

    /// <summary>What was drawn.</summary>
    public IReadOnlyList<int> Generated => generated;

    /// <summary>Whether nothing more is to be drawn.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The tokens that are to be read next.</summary>
    public ReadOnlySpan<int> Unread => CollectionsMarshal.AsSpan(text)[^unread..];

    /// <summary>Where the cache is full: empties it, and has the last half of the context read again.</summary>
    public void MakeRoom()
    {
        if (Cache.Length + unread <= Cache.Capacity)
            return;
        Cache.Clear();
        unread = Math.Min(text.Count, TextGenerator.ReadAgain(context));
    }

    /// <summary>Draws the next token.</summary>
    /// <param name="logits">Those after what was unread.</param>
    public void Take(ReadOnlySpan<float> logits)
    {
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

    /// <inheritdoc/>
    public void Dispose() => Cache.Dispose();
}
