using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Unicode;
using LowRank.Training.Files;
using LowRank.Training.Tokenization.Added;
using LowRank.Training.Tokenization.Decoding;
using LowRank.Training.Tokenization.Patterns;
using LowRank.Training.Tokenization.SentencePiece;

namespace LowRank.Training.Tokenization;

/// <summary>
/// A tokenizer, kept as Hugging Face's <c>tokenizer.json</c>: byte-pair encoding over bytes (GPT-2, LLaMA 3, Qwen) or characters (LLaMA 2,
/// Gemma), unigram models (T5), WordPiece (BERT) and whole words. Ids are those of Hugging Face's <c>tokenizers</c>. Text becomes a special
/// token only where that is asked for: else an <c>&lt;|endoftext|&gt;</c> inside a document is encoded as the characters that it is, so
/// that nobody's text can steer a model. Added tokens that aren't special, such as Qwen's <c>&lt;tool_call&gt;</c>, are found in every
/// text. A byte-level tokenizer takes any bytes, and they come back unchanged unless it normalizes text. Safe for threads.
/// </summary>
public sealed class Tokenizer
{
    private readonly TokenizerDefinition definition;
    private readonly byte[] json;
    private readonly AddedTokenMatcher added;
    private readonly AddedTokenMatcher normalizedAdded;
    private readonly HashSet<int> special;

    /// <summary>What each id stands for, where that doesn't depend on its neighbors.</summary>
    private readonly byte[][]? texts;

    /// <summary>
    /// The encoders that no thread is using; each remembers words, so they are worth keeping. A thread gets its own back.
    /// </summary>
    private readonly ConcurrentBag<TextEncoder> spares = [];

    private Tokenizer(TokenizerDefinition definition, byte[] json)
    {
        (this.definition, this.json) = (definition, json);
        added = Matcher(token => !token.Normalized);
        normalizedAdded = Matcher(token => token.Normalized);
        Special = [.. definition.Added.Where(token => token.Special).OrderBy(token => token.Id).Select(token => (token.Content, token.Id))];
        special = [.. Special.Select(token => token.Id), EndOfText];
        texts = definition.Decoder is null ? [.. Enumerable.Range(0, VocabularySize).Select(BytesOf)] : null;
        EndTokens = [.. Ids.EndTokens.Append(EndOfText).Distinct().Order()];
        MissingIds = [.. Enumerable.Range(0, VocabularySize).Where(id => definition.Names[id] is null)];
        Fingerprint = XxHash128.HashToUInt128(json).ToString("x32", CultureInfo.InvariantCulture);
    }

    /// <summary>Number of ids, special tokens included; ids are below it. Not every number below it need be an id.</summary>
    public int VocabularySize => definition.Names.Length;

    /// <summary>The id of the token that ends every document.</summary>
    public int EndOfText => definition.EndOfText;

    /// <summary>
    /// The ids at which a text that is generated ends, in order: <see cref="EndOfText"/>, and those that the model came with
    /// (<c>eos_token_id</c>), such as the end of an answer.
    /// </summary>
    public IReadOnlyList<int> EndTokens { get; }

    /// <summary>The special tokens, which steer a model and have no text of their own, in the order of their ids.</summary>
    public IReadOnlyList<(string Text, int Id)> Special { get; }

    /// <summary>The id that the file's template sets before every text, as LLaMA's does; null for none.</summary>
    public int? BeginOfText => Before.Count > 0 ? Before[0] : null;

    /// <summary>All ids that it sets there.</summary>
    internal IReadOnlyList<int> Before => definition.Before;

    /// <summary>How an id is written, such as <c>&lt;|endoftext|&gt;</c>.</summary>
    internal string Name(int id) => definition.Names[id]!;

    /// <summary>Numbers below <see cref="VocabularySize"/> that are no ids: nothing may draw them.</summary>
    internal IReadOnlyList<int> MissingIds { get; }

    /// <summary>What the file asks for and isn't done, in sentences.</summary>
    internal IReadOnlyList<string> Notes => definition.Notes;

    /// <summary>The ids of special tokens that the model came with.</summary>
    internal SpecialTokenIds Ids => definition.Ids;

    /// <summary>A hash of the saved form, 32 hexadecimal digits: equal tokenizers have equal fingerprints.</summary>
    internal string Fingerprint { get; }

    /// <summary>What texts become depends on: the fingerprint, and what ends texts.</summary>
    internal string Identity =>
        Ids.IsEmpty ? Fingerprint : string.Create(CultureInfo.InvariantCulture, $"{Fingerprint} {EndOfText} {string.Join(',', EndTokens)}");

    /// <summary>
    /// Reads a <c>tokenizer.json</c> of this or another maker, or a SentencePiece model (<c>tokenizer.model</c>), which becomes one. A
    /// <c>special_token_ids.json</c> beside it, which <see cref="Save"/> writes, says at which ids texts end.
    /// </summary>
    /// <exception cref="InputException">The file is missing, is no tokenizer, or asks for something that isn't known.</exception>
    public static Tokenizer Load(string path) => Load(path, SpecialTokenIds.Read(path));

    /// <summary>The same with the ids that a model came with.</summary>
    internal static Tokenizer Load(string path, SpecialTokenIds ids)
    {
        byte[] json;
        try
        {
            SpecialFile.Refuse(path);
            json = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException(
                $"The tokenizer '{path}' cannot be read: {exception.Message} Give the path of a Hugging Face tokenizer.json or a SentencePiece model."
            );
        }

        if (SentencePieceModel.IsOne(json))
            json = SentencePieceConverter.Convert(SentencePieceModel.Read(json, path), ids, path);
        return new Tokenizer(TokenizerJsonReader.Read(json, path, ids), json);
    }

    /// <summary>
    /// Writes <c>tokenizer.json</c>, and <c>special_token_ids.json</c> beside it where the model came with ids of its own. Each appears
    /// whole under its name or not at all; a tokenizer that was loaded is written as it was.
    /// </summary>
    public void Save(string path)
    {
        SaveAlone(path);
        Ids.Write(path);
    }

    /// <summary>Writes <c>tokenizer.json</c> alone, for a folder whose other files say the ids.</summary>
    internal void SaveAlone(string path) => AtomicFile.Write(path, json);

    /// <summary>
    /// The ids of the bytes of <paramref name="text"/>, which is UTF-8 but may be any bytes. No token is set before or behind it, and the
    /// texts of special tokens stay text.
    /// </summary>
    /// <exception cref="InputException">A word has no id, and the tokenizer none for such words.</exception>
    public IReadOnlyList<int> Encode(ReadOnlySpan<byte> text)
    {
        var ids = new List<int>(text.Length / 3);
        Encode(text, ids);
        return ids;
    }

    /// <summary>The ids of <paramref name="text"/> in UTF-8; a lone surrogate, which UTF-8 cannot hold, is encoded as U+FFFD.</summary>
    /// <exception cref="InputException">A word has no id, and the tokenizer none for such words.</exception>
    public IReadOnlyList<int> Encode(string text) => Encode(text, specialTokens: false);

    /// <summary>The same with a choice.</summary>
    /// <param name="text">The text.</param>
    /// <param name="specialTokens">
    /// Whether the texts of special tokens in it become their ids, as in Hugging Face's library. Only for text that is trusted: whoever
    /// wrote it could end a text or begin a turn of a conversation.
    /// </param>
    /// <exception cref="InputException">A word has no id, and the tokenizer none for such words.</exception>
    public IReadOnlyList<int> Encode(string text, bool specialTokens) => Encode(text, specialTokens, CancellationToken.None);

    /// <summary>As above; a text may be of gigabytes.</summary>
    internal IReadOnlyList<int> Encode(string text, bool specialTokens, CancellationToken cancellation)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var ids = new List<int>(bytes.Length / 3);
        Encode(bytes, ids, specialTokens, cancellation);
        return ids;
    }

    /// <summary>Adds the ids of <paramref name="text"/> to <paramref name="destination"/>.</summary>
    internal void Encode(ReadOnlySpan<byte> text, List<int> destination) => Encode(text, destination, false, CancellationToken.None);

    /// <summary>As above; a text may be of gigabytes.</summary>
    internal void Encode(ReadOnlySpan<byte> text, List<int> destination, bool specialTokens, CancellationToken cancellation)
    {
        if (!definition.TakesAnyBytes && !Utf8.IsValid(text))
            text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));
        var encoder = spares.TryTake(out var spare) ? spare : new TextEncoder(definition.Steps, definition.Model);
        try
        {
            var (from, taken) = (0, 0);
            while (added.TryNext(text, ref from, taken, specialTokens, out var found))
            {
                if (found.Start > taken)
                    EncodePart(text[taken..found.Start], taken == 0, encoder, destination, specialTokens, cancellation);
                destination.Add(found.Id);
                taken = found.End;
            }

            EncodePart(text[taken..], taken == 0, encoder, destination, specialTokens, cancellation);
        }
        catch (PatternException exception)
        {
            throw new InputException($"The tokenizer cannot split a text: {exception.Message}. Use another tokenizer, or other text.");
        }

        spares.Add(encoder);
    }

    /// <summary>The bytes of <paramref name="ids"/> together; special tokens such as end of text have none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is negative or not below <see cref="VocabularySize"/>.</exception>
    public byte[] Decode(IEnumerable<int> ids)
    {
        var bytes = new DecodedBytes();
        var first = StartDecoder(bytes);
        foreach (var id in ids)
            Decode(id, first);
        first.Complete();
        return bytes.Written.ToArray();
    }

    /// <summary>Steps that tokens go through to become text.</summary>
    internal DecoderStep StartDecoder(DecoderStep end) => definition.Decoder is { } parts ? DecoderChain.Start(parts, end) : end;

    /// <summary>Hands a token to the first of them, unless it is special or stands for nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is negative or not below <see cref="VocabularySize"/>.</exception>
    internal void Decode(int id, DecoderStep first)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, VocabularySize);
        if (texts is not null)
            first.Take(texts[id]);
        else if (definition.Names[id] is { } name && !special.Contains(id))
            first.Take(Encoding.UTF8.GetBytes(name));
    }

    /// <summary>Whether another tokenizer's ids stand for the same, however either file is written.</summary>
    internal bool HasSameIds(Tokenizer other) =>
        Fingerprint == other.Fingerprint
        || (
            EndOfText == other.EndOfText
            && definition.Names.AsSpan().SequenceEqual(other.definition.Names)
            && special.SetEquals(other.special)
        );

    internal static Tokenizer FromMerges(IReadOnlyList<(int Left, int Right)> merges)
    {
        var json = TokenizerJsonWriter.Write(BytePairVocabulary.FromMerges(merges));
        return new Tokenizer(TokenizerJsonReader.Read(json, "tokenizer.json"), json);
    }

    // What stands between tokens that are found in the text as it is.
    private void EncodePart(
        ReadOnlySpan<byte> text,
        bool isFirst,
        TextEncoder encoder,
        List<int> destination,
        bool specialTokens,
        CancellationToken cancellation
    )
    {
        if (text.IsEmpty)
            return;
        var normalized = definition.Normalizer is { } normalizer ? normalizer.Normalize(text, cancellation) : text;
        var (from, taken) = (0, 0);
        while (normalizedAdded.TryNext(normalized, ref from, taken, specialTokens, out var found))
        {
            if (found.Start > taken)
                encoder.Encode(normalized[taken..found.Start], isFirst && taken == 0, destination, cancellation);
            destination.Add(found.Id);
            taken = found.End;
        }

        encoder.Encode(normalized[taken..], isFirst && taken == 0, destination, cancellation);
    }

    private AddedTokenMatcher Matcher(Predicate<AddedToken> takes)
    {
        AddedToken[] tokens = [.. definition.Added.Where(token => takes(token))];
        return new AddedTokenMatcher(tokens, [.. tokens.Select(Written)]);
    }

    private byte[] Written(AddedToken token)
    {
        var bytes = Encoding.UTF8.GetBytes(token.Content);
        return token.Normalized && definition.Normalizer is { } normalizer
            ? [.. normalizer.Normalize(bytes, CancellationToken.None)]
            : bytes;
    }

    private byte[] BytesOf(int id) =>
        definition.Names[id] is not { } name || special.Contains(id) ? []
        : ByteAlphabet.TryRead(name, out var bytes) ? bytes
        : Encoding.UTF8.GetBytes(name);
}
