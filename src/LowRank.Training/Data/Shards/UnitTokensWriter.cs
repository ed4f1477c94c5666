using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using LowRank.Training.Files;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Data.Shards;

/// <summary>
/// Encodes the documents of one unit of work. Its files stand under their names only after <see cref="Complete"/>; disposed earlier,
/// nothing is left. For one thread at a time; the tokenizer may serve several.
/// </summary>
internal sealed class UnitTokensWriter : IDisposable
{
    private readonly string path;
    private readonly Tokenizer tokenizer;
    private readonly CorpusSplit split;
    private readonly bool specialTokens;
    private readonly Part training;
    private readonly Part validation;
    private readonly List<int> ids = [];
    private byte[] text = [];

    /// <param name="path">The file of the training documents' tokens; its folder exists.</param>
    /// <param name="tokenizer">Encodes the documents.</param>
    /// <param name="validationFraction">
    /// The share of the documents that is held out, which each document's own hash decides; 0 for none.
    /// </param>
    /// <param name="specialTokens">Whether the texts of special tokens become their ids.</param>
    public UnitTokensWriter(string path, Tokenizer tokenizer, double validationFraction = 0, bool specialTokens = false)
    {
        this.specialTokens = specialTokens;
        this.path = path;
        this.tokenizer = tokenizer;
        split = CorpusSplit.ByHash(validationFraction);
        var width = TokenWidth.Of(tokenizer.VocabularySize);
        training = new Part(path, width);
        try
        {
            validation = new Part(UnitTokens.ValidationPathFor(path), width);
        }
        catch
        {
            training.Dispose();
            throw;
        }
    }

    /// <summary>Writes the tokens of all documents of a unit.</summary>
    public static UnitTokens Write(
        string path,
        IEnumerable<string> documents,
        Tokenizer tokenizer,
        double validationFraction = 0,
        bool specialTokens = false,
        CancellationToken cancellation = default
    )
    {
        using var writer = new UnitTokensWriter(path, tokenizer, validationFraction, specialTokens);
        foreach (var document in documents)
            writer.Add(document, cancellation);
        return writer.Complete();
    }

    /// <summary>Adds a document, which is not empty.</summary>
    public void Add(string document, CancellationToken cancellation = default)
    {
        var length = Encoding.UTF8.GetByteCount(document);
        if (text.Length < length)
            text = new byte[Math.Max(length, Math.Min(2L * text.Length, Array.MaxLength))];
        Add(text.AsSpan(0, Encoding.UTF8.GetBytes(document, text)), cancellation);
    }

    /// <summary>Adds a document in UTF-8, which is not empty.</summary>
    public void Add(ReadOnlySpan<byte> document, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ids.Clear();
        ids.AddRange(tokenizer.Before);
        tokenizer.Encode(document, ids, specialTokens, cancellation);
        ids.Add(tokenizer.EndOfText);
        (split.IsValidation(document) ? validation : training).Add(CollectionsMarshal.AsSpan(ids), document.Length);
    }

    /// <summary>Gives the files their names; nothing can be added afterwards.</summary>
    public UnitTokens Complete()
    {
        validation.Complete();
        training.Complete();
        return new UnitTokens(path, training.Counts, validation.Counts);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        training.Dispose();
        validation.Dispose();
    }

    private sealed class Part(string path, int width) : IDisposable
    {
        private readonly UnfinishedFile file = new(path);

        public TokenCounts Counts { get; private set; }

        public void Add(ReadOnlySpan<int> tokens, int bytes)
        {
            var encoded = ArrayPool<byte>.Shared.Rent(checked(tokens.Length * width));
            try
            {
                var length = tokens.Length * width;
                TokenWidth.Encode(tokens, width, encoded);
                file.Write(encoded.AsSpan(0, length));
                Counts += new TokenCounts(tokens.Length, 1, bytes);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(encoded);
            }
        }

        public void Complete() => file.Complete();

        public void Dispose() => file.Dispose();
    }
}
