using LowRank.Layers;
using LowRank.Training.Tokenization;
using static TorchSharp.torch;

namespace LowRank.Training.Generation;

/// <summary>
/// Continues a text with a language model, token by token over a key/value cache. When the cache is full it is emptied and the last
/// half of the context is read again, so that a text can grow past the model's context.
/// </summary>
/// <param name="model">The model; it is only read.</param>
/// <param name="tokenizer">The tokeniser of its training text.</param>
public sealed class TextGenerator(LanguageModel model, BytePairTokenizer tokenizer)
{
    /// <summary>Writes the continuation piece by piece, as the characters become whole, and stops at the end of the text.</summary>
    /// <param name="prompt">The text to go on with. Empty: the model begins a text of its own.</param>
    /// <param name="tokens">Most tokens to generate.</param>
    /// <param name="sampling">How each token is chosen.</param>
    /// <param name="stop">Ends the generation after the current token.</param>
    /// <returns>Non-empty pieces of text; the prompt is not repeated.</returns>
    public IEnumerable<string> Generate(string prompt, int tokens, SamplingOptions sampling, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var decoder = new TokenDecoder(tokenizer);
        foreach (var token in Continue(tokenizer.Encode(prompt), tokens, sampling, stop))
        {
            var text = decoder.Append(token);
            if (text.Length > 0)
                yield return text;
        }

        var rest = decoder.Flush();
        if (rest.Length > 0)
            yield return rest;
    }

    /// <summary>The continuation as token ids, the end-of-text token not included.</summary>
    /// <param name="prompt">The ids to go on with; when there are none, the model begins after an end-of-text token.</param>
    /// <param name="tokens">Most tokens to generate.</param>
    /// <param name="sampling">How each token is chosen.</param>
    /// <param name="stop">Ends the generation after the current token.</param>
    public IEnumerable<int> Continue(IReadOnlyList<int> prompt, int tokens, SamplingOptions sampling, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        return Run(new Sampler(sampling));

        IEnumerable<int> Run(Sampler sampler)
        {
            // Texts of the training data stand between end-of-text tokens: that token is how a text begins.
            List<int> text = prompt.Count > 0 ? [.. prompt] : [tokenizer.EndOfText];
            using var cache = new KeyValueCache(batch: 1, model.Context);
            var unread = Math.Min(text.Count, model.Context);
            for (var generated = 0; generated < tokens && !stop.IsCancellationRequested; generated++)
            {
                if (cache.Length + unread > cache.Capacity)
                {
                    cache.Clear();
                    unread = Math.Min(text.Count, Math.Max(1, model.Context / 2));
                }

                var token = sampler.Sample(Read(text, unread, cache));
                if (token == tokenizer.EndOfText)
                    yield break;
                text.Add(token);
                unread = 1;
                yield return token;
            }
        }
    }

    // The gradient mode belongs to the thread: it is switched here and not around the loop, whose body is the caller's.
    private float[] Read(List<int> text, int unread, KeyValueCache cache)
    {
        using var noGradient = no_grad();
        long[] ids = [.. text.Skip(text.Count - unread).Select(id => (long)id)];
        using var input = tensor(ids, [1, ids.Length], device: model.Options.Device);
        using var logits = model.Decode(input, cache);
        // A model whose vocabulary was rounded up has logits that stand for no token.
        using var known = logits.narrow(1, 0, Math.Min(logits.shape[1], tokenizer.VocabularySize));
        using var single = known.to(ScalarType.Float32);
        using var values = single.cpu();
        using var accessor = values.data<float>();
        return accessor.ToArray();
    }
}
