using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using LowRank.Training.Files;
using LowRank.Training.Tokenization.Added;
using LowRank.Training.Tokenization.Normalization;

namespace LowRank.Training.Tokenization;

/// <summary>
/// A byte-level byte-pair tokenizer, kept as Hugging Face's <c>tokenizer.json</c>. Every byte string has an encoding and comes back from
/// it unchanged, but that a tokenizer of Qwen's kind first puts text into normalization form C. Text becomes a special token only where
/// that is asked for: else an <c>&lt;|endoftext|&gt;</c> inside a document is encoded as the characters that it is, so that nobody's text
/// can steer a model. Added tokens that aren't special, such as Qwen's <c>&lt;tool_call&gt;</c>, are found in every text. Safe for threads.
/// </summary>
public sealed class Tokenizer
{
    private readonly BytePairVocabulary vocabulary;
    private readonly WordEncoder words;
    private readonly byte[] json;
    private readonly AddedTokenMatcher added;
    private readonly AddedTokenMatcher normalizedAdded;

    /// <summary>
    /// The encoders that no thread is using; each remembers words, so they are worth keeping. A thread gets its own back.
    /// </summary>
    private readonly ConcurrentBag<TextEncoder> spares = [];

    private Tokenizer(BytePairVocabulary vocabulary, byte[] json)
    {
        this.vocabulary = vocabulary;
        this.json = json;
        words = new WordEncoder(vocabulary);
        added = Matcher(vocabulary, token => !token.Normalized);
        normalizedAdded = Matcher(vocabulary, token => token.Normalized);
        Special = [.. vocabulary.Added.Where(token => token.Special).OrderBy(token => token.Id).Select(token => (token.Content, token.Id))];
        Fingerprint = XxHash128.HashToUInt128(json).ToString("x32", CultureInfo.InvariantCulture);
    }

    /// <summary>Number of ids, the end-of-text token included; ids are below it.</summary>
    public int VocabularySize => vocabulary.Size;

    /// <summary>The id of the token that ends every document.</summary>
    public int EndOfText => vocabulary.EndOfText;

    /// <summary>The special tokens, which steer a model and have no text of their own, in the order of their ids.</summary>
    public IReadOnlyList<(string Text, int Id)> Special { get; }

    /// <summary>The id that the file's template sets before every text, as LLaMA's does; null for none.</summary>
    public int? BeginOfText => vocabulary.Before.Count > 0 ? vocabulary.Before[0] : null;

    /// <summary>All ids that it sets there.</summary>
    internal IReadOnlyList<int> Before => vocabulary.Before;

    /// <summary>How that token is written, such as <c>&lt;|endoftext|&gt;</c>.</summary>
    internal string EndOfTextName => vocabulary.EndOfTextName;

    /// <summary>A hash of the saved form, 32 hexadecimal digits: equal tokenizers have equal fingerprints.</summary>
    internal string Fingerprint { get; }

    /// <summary>Reads a <c>tokenizer.json</c> of this or another maker.</summary>
    /// <exception cref="InputException">The file is missing, is no byte-level byte-pair tokenizer, or uses an unsupported
    /// feature.</exception>
    public static Tokenizer Load(string path)
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
                $"The tokenizer '{path}' cannot be read: {exception.Message} Give the path of a Hugging Face tokenizer.json."
            );
        }

        return new Tokenizer(TokenizerJsonReader.Read(json, path), json);
    }

    /// <summary>
    /// Writes <c>tokenizer.json</c>. The file appears whole under its name or not at all; a tokenizer that was loaded is written as it was.
    /// </summary>
    public void Save(string path) => AtomicFile.Write(path, json);

    /// <summary>
    /// The ids of the bytes of <paramref name="text"/>, which is UTF-8 but may be any bytes. No token is set before or behind it, and the
    /// texts of special tokens stay text.
    /// </summary>
    public IReadOnlyList<int> Encode(ReadOnlySpan<byte> text)
    {
        var ids = new List<int>(text.Length / 3);
        Encode(text, ids);
        return ids;
    }

    /// <summary>The ids of <paramref name="text"/> in UTF-8; a lone surrogate, which UTF-8 cannot hold, is encoded as U+FFFD.</summary>
    public IReadOnlyList<int> Encode(string text) => Encode(text, specialTokens: false);

    /// <summary>The same with a choice.</summary>
    /// <param name="text">The text.</param>
    /// <param name="specialTokens">
    /// Whether the texts of special tokens in it become their ids, as in Hugging Face's library. Only for text that is trusted: whoever
    /// wrote it could end a text or begin a turn of a conversation.
    /// </param>
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
        var encoder = spares.TryTake(out var spare) ? spare : new TextEncoder(vocabulary.Pattern, words);
        var (from, taken) = (0, 0);
        while (added.TryNext(text, ref from, taken, specialTokens, out var found))
        {
            EncodePart(text[taken..Math.Max(taken, found.Start)], encoder, destination, specialTokens, cancellation);
            destination.Add(found.Id);
            taken = found.End;
        }

        EncodePart(text[Math.Min(taken, text.Length)..], encoder, destination, specialTokens, cancellation);
        spares.Add(encoder);
    }

    // What stands between tokens that are found in the text as it is.
    private void EncodePart(
        ReadOnlySpan<byte> text,
        TextEncoder encoder,
        List<int> destination,
        bool specialTokens,
        CancellationToken cancellation
    )
    {
        var normalized = vocabulary.Composes ? UnicodeForms.Normalize(text, cancellation: cancellation) : text;
        var (from, taken) = (0, 0);
        while (normalizedAdded.TryNext(normalized, ref from, taken, specialTokens, out var found))
        {
            encoder.Encode(normalized[taken..Math.Max(taken, found.Start)], destination, cancellation);
            destination.Add(found.Id);
            taken = found.End;
        }

        encoder.Encode(normalized[taken..], destination, cancellation);
    }

    private static AddedTokenMatcher Matcher(BytePairVocabulary vocabulary, Predicate<AddedToken> takes)
    {
        AddedToken[] tokens = [.. vocabulary.Added.Where(token => takes(token))];
        return new AddedTokenMatcher(tokens, [.. tokens.Select(token => Written(token, vocabulary.Composes))]);
    }

    private static byte[] Written(AddedToken token, bool composes)
    {
        var bytes = Encoding.UTF8.GetBytes(token.Content);
        return token.Normalized && composes ? [.. UnicodeForms.Normalize(bytes)] : bytes;
    }

    /// <summary>The bytes of <paramref name="ids"/>; special tokens such as end of text have none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is negative or not below <see cref="VocabularySize"/>.</exception>
    public byte[] Decode(IEnumerable<int> ids)
    {
        using var bytes = new MemoryStream();
        foreach (var id in ids)
            bytes.Write(TokenBytes(id));

        return bytes.ToArray();
    }

    /// <summary>The bytes of one token; none for a special token.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is negative or not below <see cref="VocabularySize"/>.</exception>
    internal ReadOnlySpan<byte> TokenBytes(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, VocabularySize);
        return vocabulary.Texts[id];
    }

    /// <summary>Whether another tokenizer's ids stand for the same bytes, however either is written.</summary>
    internal bool HasSameIds(Tokenizer other)
    {
        if (Fingerprint == other.Fingerprint)
            return true;
        if (VocabularySize != other.VocabularySize || EndOfText != other.EndOfText)
            return false;
        for (var id = 0; id < VocabularySize; id++)
        {
            if (!TokenBytes(id).SequenceEqual(other.TokenBytes(id)))
                return false;
        }

        return true;
    }

    internal static Tokenizer FromMerges(IReadOnlyList<(int Left, int Right)> merges)
    {
        var vocabulary = BytePairVocabulary.FromMerges(merges);
        return new Tokenizer(vocabulary, TokenizerJsonWriter.Write(vocabulary));
    }
}
