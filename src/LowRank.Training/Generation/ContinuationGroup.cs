using System.Diagnostics;
using System.Runtime.InteropServices;
using LowRank.Decoding;
using LowRank.Layers;

namespace LowRank.Training.Generation;

/// <summary>
/// Texts that grow together, a token each at a time: prompts are read one by one, single tokens in one pass of the model.
/// </summary>
/// <param name="decoder">Reads.</param>
/// <param name="texts">The texts.</param>
/// <param name="vocabulary">Number of the model's logits.</param>
/// <param name="known">How many of them stand for tokens.</param>
internal sealed class ContinuationGroup(Decoder decoder, IReadOnlyList<Continuation> texts, int vocabulary, int known)
{
    private readonly List<Continuation> together = [];
    private readonly List<KeyValueCache> caches = [];
    private readonly List<int> tokens = [];

    /// <summary>What the last step read and drew.</summary>
    public GenerationSpeed Speed { get; private set; } = new(0, 0, 0, 0);

    /// <summary>Draws one token for every text that has not ended.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Step()
    {
        Speed = new(0, 0, 0, 0);
        together.Clear();
        caches.Clear();
        tokens.Clear();
        var any = false;
        foreach (var text in texts)
        {
            if (text.HasEnded)
                continue;
            any = true;
            text.MakeRoom();
            if (text.Generated.Count == 0 || text.Unread.Length > 1)
            {
                ReadAlone(text);
                continue;
            }

            together.Add(text);
            caches.Add(text.Cache);
            tokens.Add(text.Unread[0]);
        }

        if (together.Count > 0)
            ReadTogether();
        return any;
    }

    private void ReadAlone(Continuation text)
    {
        var start = Stopwatch.GetTimestamp();
        var (isPrompt, count) = (text.Generated.Count == 0, text.Unread.Length);
        var logits = decoder.Read(text.Unread, text.Cache);
        text.Take(logits[..known]);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Speed += isPrompt ? new GenerationSpeed(count, seconds, 0, 0) : new GenerationSpeed(0, 0, 1, seconds);
    }

    private void ReadTogether()
    {
        var start = Stopwatch.GetTimestamp();
        var logits = decoder.ReadNext(CollectionsMarshal.AsSpan(tokens), caches);
        for (var index = 0; index < together.Count; index++)
            together[index].Take(logits.Slice(index * vocabulary, known));
        Speed += new GenerationSpeed(0, 0, together.Count, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
