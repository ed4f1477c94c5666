using LowRank.Decoding;
using LowRank.Models;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Generation;

/// <summary>
/// Continues texts with a language model, token by token over a key/value cache. When the cache is full it is emptied and the last
/// half of the context is read again, so that a text can grow past the model's context. Of a prompt that is longer than the context the
/// last part that fits is read.
/// </summary>
/// <param name="model">The model; it is only read, and must not be trained meanwhile.</param>
/// <param name="tokenizer">The tokenizer of its training text.</param>
/// <param name="weights">The form in which factored layers are read.</param>
public sealed class TextGenerator(LanguageModel model, Tokenizer tokenizer, DecodingWeights weights = DecodingWeights.Auto)
{
    // Every text needs a cache of its own; more of them together would hardly be faster.
    private const int LargestGroup = 16;

    /// <summary>
    /// Whether the texts of special tokens in prompts become their ids. Only for prompts that are trusted; without it they stay text.
    /// </summary>
    public bool SpecialTokens { get; init; }

    /// <summary>Tokens read and generated so far, and the time that took.</summary>
    public GenerationSpeed Speed { get; private set; } = new(0, 0, 0, 0);

    /// <summary>Tokens that are read again when a text has outgrown the context.</summary>
    internal static int ReadAgain(int context) => Math.Max(1, context / 2);

    /// <summary>Writes the continuation piece by piece, as the characters become whole, and stops at the end of the text.</summary>
    /// <param name="prompt">The text to go on with. Empty: the model begins a text of its own.</param>
    /// <param name="tokens">Most tokens to generate.</param>
    /// <param name="sampling">How each token is chosen.</param>
    /// <param name="stop">Ends the generation after the current token.</param>
    /// <returns>Non-empty pieces of text; the prompt is not repeated.</returns>
    public IEnumerable<string> Generate(string prompt, int tokens, SamplingOptions sampling, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Run();

        IEnumerable<string> Run()
        {
            foreach (var piece in Generate(Encode(prompt, stop), tokens, sampling, stop))
                yield return piece;
        }
    }

    /// <summary>The same with a prompt of token ids, special ones included, as a chat template gives them.</summary>
    internal IEnumerable<string> Generate(IReadOnlyList<int> prompt, int tokens, SamplingOptions sampling, CancellationToken stop) =>
        Pieces(Continue(prompt, tokens, sampling, stop));

    /// <summary>The same, which reads of the prompt only what the cache doesn't hold.</summary>
    /// <param name="prompt">The ids to go on with; at least one.</param>
    /// <param name="tokens">Most tokens to generate.</param>
    /// <param name="sampling">How each token is chosen.</param>
    /// <param name="reader">Reads, as <see cref="NewDecoder"/> has made it.</param>
    /// <param name="cache">What was read before; afterwards what was read now.</param>
    /// <param name="stop">Ends the generation after the current token.</param>
    internal IEnumerable<string> Generate(
        IReadOnlyList<int> prompt,
        int tokens,
        SamplingOptions sampling,
        Decoder reader,
        PromptCache cache,
        CancellationToken stop
    ) => Pieces(Draw(reader, Begin(prompt, tokens, NewSampler(sampling), cache), tokens, stop));

    /// <summary>What reads texts, with weights that are prepared once for all of them; the caller disposes it.</summary>
    internal Decoder NewDecoder() => new(model, weights);

    /// <summary>A cache as long as the model's context; the caller disposes it.</summary>
    internal PromptCache NewCache() => new(model.Context, model.ShortContexts);

    private IEnumerable<string> Pieces(IEnumerable<int> ids)
    {
        var decoder = new TokenDecoder(tokenizer);
        foreach (var token in ids)
        {
            var text = decoder.Append(token);
            if (text.Length > 0)
                yield return text;
        }

        var rest = decoder.Flush();
        if (rest.Length > 0)
            yield return rest;
    }

    /// <summary>The continuation as token ids; the token at which it ends is not among them.</summary>
    /// <param name="prompt">The ids to go on with; when there are none, the model begins a text: after the tokenizer's begin-of-text token,
    /// or else an
    /// end-of-text token.</param>
    /// <param name="tokens">Most tokens to generate.</param>
    /// <param name="sampling">How each token is chosen.</param>
    /// <param name="stop">Ends the generation after the current token.</param>
    public IEnumerable<int> Continue(IReadOnlyList<int> prompt, int tokens, SamplingOptions sampling, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        return Run(NewSampler(sampling));

        IEnumerable<int> Run(Sampler sampler)
        {
            using var decoder = NewDecoder();
            using var cache = NewCache();
            foreach (var token in Draw(decoder, Begin(prompt, tokens, sampler, cache), tokens, stop))
                yield return token;
        }
    }

    private IEnumerable<int> Draw(Decoder decoder, Continuation text, int tokens, CancellationToken stop)
    {
        var group = Group(decoder, [text]);
        while (!stop.IsCancellationRequested && group.Step())
        {
            Speed += group.Speed;
            if (!text.HasEnded || text.Generated.Count == tokens)
                yield return text.Generated[^1];
        }
    }

    /// <summary>
    /// Continues several texts together, each as <see cref="Generate(string, int, SamplingOptions, CancellationToken)"/> would continue it
    /// alone: with draws of its own from the same seed.
    /// </summary>
    /// <param name="prompts">The texts to go on with.</param>
    /// <param name="tokens">Most tokens to generate for each.</param>
    /// <param name="sampling">How each token is chosen.</param>
    /// <param name="stop">Ends the generation after the current tokens; texts that were not begun stay empty.</param>
    /// <returns>The continuations in the order of the prompts, some at a time; the prompts are not repeated.</returns>
    public IEnumerable<string> GenerateAll(
        IReadOnlyList<string> prompts,
        int tokens,
        SamplingOptions sampling,
        CancellationToken stop = default
    )
    {
        ArgumentNullException.ThrowIfNull(prompts);
        foreach (var ids in ContinueAll([.. prompts.Select(prompt => Encode(prompt, stop))], tokens, sampling, stop))
        {
            var decoder = new TokenDecoder(tokenizer);
            yield return string.Concat(ids.Select(decoder.Append)) + decoder.Flush();
        }
    }

    /// <summary>The continuations of several texts as token ids, each as <see cref="Continue"/> would draw it alone.</summary>
    /// <param name="prompts">The ids to go on with.</param>
    /// <param name="tokens">Most tokens to generate for each.</param>
    /// <param name="sampling">How each token is chosen.</param>
    /// <param name="stop">Ends the generation after the current tokens.</param>
    public IEnumerable<IReadOnlyList<int>> ContinueAll(
        IReadOnlyList<IReadOnlyList<int>> prompts,
        int tokens,
        SamplingOptions sampling,
        CancellationToken stop = default
    )
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        return prompts.Count == 0 ? [] : Run(prompts.Select(_ => NewSampler(sampling)).ToList());

        IEnumerable<IReadOnlyList<int>> Run(List<Sampler> samplers)
        {
            using var decoder = new Decoder(model, weights, Math.Min(prompts.Count, LargestGroup));
            foreach (var some in prompts.Zip(samplers).Chunk(LargestGroup))
            {
                PromptCache[] caches = [.. some.Select(_ => NewCache())];
                Continuation[] texts = [.. some.Zip(caches, (pair, cache) => Begin(pair.First, tokens, pair.Second, cache))];
                var group = Group(decoder, texts);
                while (!stop.IsCancellationRequested && group.Step())
                    Speed += group.Speed;
                foreach (var cache in caches)
                    cache.Dispose();
                foreach (var text in texts)
                    yield return text.Generated;
            }
        }
    }

    // Once it is time to stop nothing is drawn any more, whatever the prompt is.
    private IReadOnlyList<int> Encode(string prompt, CancellationToken stop)
    {
        try
        {
            return [.. tokenizer.Before, .. tokenizer.Encode(prompt, SpecialTokens, stop)];
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }

    // Without a token of its own for that, a text begins behind the end-of-text token of another one, as in the training data.
    private Continuation Begin(IReadOnlyList<int> prompt, int tokens, Sampler sampler, PromptCache cache) =>
        new(prompt.Count > 0 ? prompt : [tokenizer.BeginOfText ?? tokenizer.EndOfText], tokens, sampler, cache, tokenizer.EndTokens);

    // Not every number below the vocabulary's size need be an id.
    private Sampler NewSampler(SamplingOptions sampling) => new(sampling, tokenizer.MissingIds);

    // A model whose vocabulary was rounded up has logits that stand for no token.
    private ContinuationGroup Group(Decoder decoder, IReadOnlyList<Continuation> texts) =>
        new(decoder, texts, model.Vocabulary, Math.Min(model.Vocabulary, tokenizer.VocabularySize));
}
