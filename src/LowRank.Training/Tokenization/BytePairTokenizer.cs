using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using LowRank.Training.Files;
using LowRank.Training.Tokenization.Normalization;

namespace LowRank.Training.Tokenization;

/// <summary>
/// A byte-level byte-pair tokenizer, kept as Hugging Face's <c>tokenizer.json</c>. Every byte string has an encoding and comes back from
/// it unchanged, but that a tokenizer of Qwen's kind first puts text into normalization form C. Text never becomes a special token: an
/// <c>&lt;|endoftext|&gt;</c> inside a document is encoded as the characters that it is. Safe for threads.
/// </summary>
public sealed class BytePairTokenizer
{
    private readonly BytePairVocabulary vocabulary;
    private readonly WordEncoder words;
    private readonly byte[] json;

    /// <summary>
    /// The encoders that no thread is using; each remembers words, so they are worth keeping. A thread gets its own back.
    /// </summary>
    private readonly ConcurrentBag<TextEncoder> spares = [];

    private BytePairTokenizer(BytePairVocabulary vocabulary, byte[] json)
    {
        this.vocabulary = vocabulary;
        this.json = json;
        words = new WordEncoder(vocabulary);
        Fingerprint = XxHash128.HashToUInt128(json).ToString("x32", CultureInfo.InvariantCulture);
    }

    /// <summary>Number of ids, the end-of-text token included; ids are below it.</summary>
    public int VocabularySize => vocabulary.Size;

    /// <summary>The id of the token that ends every document.</summary>
    public int EndOfText => vocabulary.EndOfText;

    /// <summary>How that token is written, such as <c>&lt;|endoftext|&gt;</c>.</summary>
    internal string EndOfTextName => vocabulary.EndOfTextName;

    /// <summary>A hash of the saved form, 32 hexadecimal digits: equal tokenizers have equal fingerprints.</summary>
    internal string Fingerprint { get; }

    /// <summary>Reads a <c>tokenizer.json</c> of this or another maker.</summary>
    /// <exception cref="InputException">The file is missing, is no byte-level byte-pair tokenizer, or uses an unsupported
    /// feature.</exception>
    public static BytePairTokenizer Load(string path)
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

        return new BytePairTokenizer(TokenizerJsonReader.Read(json, path), json);
    }

    /// <summary>
    /// Writes <c>tokenizer.json</c>. The file appears whole under its name or not at all; a tokenizer that was loaded is written as it was.
    /// </summary>
    public void Save(string path) => AtomicFile.Write(path, json);

    /// <summary>
    /// The ids of the bytes of <paramref name="text"/>, which is UTF-8 but may be any bytes. No end-of-text token is added.
    /// </summary>
    public IReadOnlyList<int> Encode(ReadOnlySpan<byte> text)
    {
        var ids = new List<int>(text.Length / 3);
        Encode(text, ids);
        return ids;
    }

    /// <summary>The ids of <paramref name="text"/> in UTF-8; a lone surrogate, which UTF-8 cannot hold, is encoded as U+FFFD.</summary>
    public IReadOnlyList<int> Encode(string text) => Encode(text, CancellationToken.None);

    /// <summary>As above; a text may be of gigabytes.</summary>
    internal IReadOnlyList<int> Encode(string text, CancellationToken cancellation)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var ids = new List<int>(bytes.Length / 3);
        Encode(bytes, ids, cancellation);
        return ids;
    }

    /// <summary>Adds the ids of <paramref name="text"/> to <paramref name="destination"/>.</summary>
    internal void Encode(ReadOnlySpan<byte> text, List<int> destination) => Encode(text, destination, CancellationToken.None);

    /// <summary>As above; a text may be of gigabytes.</summary>
    internal void Encode(ReadOnlySpan<byte> text, List<int> destination, CancellationToken cancellation)
    {
        var encoder = spares.TryTake(out var spare) ? spare : new TextEncoder(vocabulary.Pattern, words);
        encoder.Encode(vocabulary.Composes ? CanonicalComposition.Normalize(text, cancellation) : text, destination, cancellation);
        spares.Add(encoder);
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
    internal bool HasSameIds(BytePairTokenizer other)
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

    internal static BytePairTokenizer FromMerges(IReadOnlyList<(int Left, int Right)> merges)
    {
        var vocabulary = BytePairVocabulary.FromMerges(merges);
        return new BytePairTokenizer(vocabulary, TokenizerJsonWriter.Write(vocabulary));
    }
}
