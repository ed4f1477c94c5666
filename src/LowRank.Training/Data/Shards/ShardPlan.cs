using System.Globalization;
using LowRank.Training.Files;

namespace LowRank.Training.Data.Shards;

/// <summary>
/// Which shard holds which tokens, settled by the units' counts alone: every shard can be written by itself, in any order, at once, and
/// again after a crash, and has the same bytes each time. The folder is whole after <see cref="Finish"/>.
/// </summary>
internal sealed class ShardPlan
{
    /// <summary>The tokenizer's name within the folder.</summary>
    public const string TokenizerFile = "tokenizer.json";

    private readonly IReadOnlyList<UnitTokens> units;
    private readonly ShardOptions options;
    private readonly int width;
    private readonly UnitStream training;
    private readonly UnitStream heldOut;

    private ShardPlan(IReadOnlyList<UnitTokens> units, ShardOptions options)
    {
        this.units = units;
        this.options = options;
        width = TokenWidth.Of(options.Tokenizer.VocabularySize);
        training = new UnitStream(units.Select(unit => (unit.Path, unit.Training.Tokens)), width);
        heldOut = new UnitStream(units.Select(unit => (unit.ValidationPath, unit.Validation.Tokens)), width);
        Shards = [.. ShardNames.Name(options, Ranges())];
    }

    /// <summary>The files to write, those held out first.</summary>
    public IReadOnlyList<PlannedShard> Shards { get; }

    /// <summary>Plans the shards of the units, in the order given.</summary>
    /// <exception cref="ArgumentException">The units hold out documents, and the first shard is to be held out as well.</exception>
    /// <exception cref="InputException">There are too few tokens, or the format can't hold what is asked for.</exception>
    public static ShardPlan Make(IReadOnlyList<UnitTokens> units, ShardOptions options)
    {
        options.Check();
        if (options.HoldsOutFirstShard && units.Any(unit => unit.Validation.Tokens > 0))
            throw new ArgumentException("The units hold out documents; the first shard can't be held out as well.", nameof(options));
        return new ShardPlan(units, options);
    }

    /// <summary>Writes a shard; one that is there already is replaced.</summary>
    /// <param name="shard">Its place in <see cref="Shards"/>.</param>
    /// <param name="cancellation">Ends the writing; no half of a shard is left.</param>
    /// <exception cref="InputException">A unit's file is missing or isn't what was counted.</exception>
    public void Write(int shard, CancellationToken cancellation = default)
    {
        var planned = Shards[shard];
        Directory.CreateDirectory(options.Folder);
        var path = Path.Combine(options.Folder, planned.File);
        var pieces = Pieces(planned);
        if (options.Format == TokenFileFormat.LowRank)
        {
            using var described = new TokenShardWriter(path, options.Tokenizer.VocabularySize);
            foreach (var piece in pieces)
            {
                cancellation.ThrowIfCancellationRequested();
                described.WriteEncoded(piece);
            }

            described.Complete();
            return;
        }

        using var file = new UnfinishedFile(path);
        if (options.Format == TokenFileFormat.LlmC)
            file.Write(LlmcHeader.Write(width, planned.Tokens));
        foreach (var piece in pieces)
        {
            cancellation.ThrowIfCancellationRequested();
            file.Write(piece);
        }

        file.Complete();
    }

    /// <summary>Writes the tokenizer and, last, the description of the folder.</summary>
    /// <exception cref="InputException">A shard is missing or has another size than planned.</exception>
    public void Finish()
    {
        var shards = Shards.Select(shard => (shard.IsHeldOut, Listed: Listed(shard))).ToList();
        options.Tokenizer.Save(Path.Combine(options.Folder, TokenizerFile));
        var trained = Sum(unit => unit.Training);
        var validated = Sum(unit => unit.Validation);
        new TokenFolderManifest
        {
            Format = options.Format,
            Description = options.Description,
            Vocabulary = options.Tokenizer.VocabularySize,
            EndOfText = options.Tokenizer.EndOfText,
            Tokenizer = options.Tokenizer.Fingerprint,
            Training = [.. shards.Where(shard => !shard.IsHeldOut).Select(shard => shard.Listed)],
            Validation = [.. shards.Where(shard => shard.IsHeldOut).Select(shard => shard.Listed)],
            // A first shard ends within a document: nobody knows how much text is in it.
            TrainingDocuments = options.HoldsOutFirstShard ? null : trained.Documents,
            ValidationDocuments = options.HoldsOutFirstShard ? null : validated.Documents,
            TrainingBytes = options.HoldsOutFirstShard ? null : trained.Bytes,
            ValidationBytes = options.HoldsOutFirstShard ? null : validated.Bytes,
        }.Save(options.Folder);
    }

    private TokenCounts Sum(Func<UnitTokens, TokenCounts> part) => units.Aggregate(default(TokenCounts), (sum, unit) => sum + part(unit));

    private IEnumerable<(bool IsHeldOut, bool FromHeldOut, long Start, long Tokens)> Ranges()
    {
        var first = options.HoldsOutFirstShard ? Math.Min(options.ShardTokens, training.Count) : 0;
        if (training.Count - first < 1)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The text ({options.Description}) has {training.Count} tokens to train on, and the first {options.ShardTokens} are held out; ask for smaller shards, or hold out a share of the documents."
                )
            );
        }

        var size = options.Format == TokenFileFormat.NanoGpt ? long.MaxValue : options.ShardTokens;
        if (first > 0)
            yield return (true, false, 0, first);
        foreach (var (start, tokens) in Cut(0, heldOut.Count, size))
            yield return (true, true, start, tokens);
        foreach (var (start, tokens) in Cut(first, training.Count, size))
            yield return (false, false, start, tokens);
    }

    private static IEnumerable<(long Start, long Tokens)> Cut(long start, long end, long size)
    {
        for (; start < end; start += Math.Min(size, end - start))
            yield return (start, Math.Min(size, end - start));
    }

    /// <summary>The bytes of a shard's tokens.</summary>
    private IEnumerable<ArraySegment<byte>> Pieces(PlannedShard shard)
    {
        var stream = shard.FromHeldOut ? heldOut : training;
        if (options.Format != TokenFileFormat.LlmC)
        {
            foreach (var piece in stream.Read(shard.Start, shard.Tokens))
                yield return piece;
            yield break;
        }

        // An end before each document instead of one after it: the same tokens, moved on by one place.
        var (start, tokens) = (shard.Start - 1, shard.Tokens);
        if (start < 0)
        {
            var end = new byte[width];
            TokenWidth.Encode([options.Tokenizer.EndOfText], width, end);
            yield return end;
            (start, tokens) = (0, tokens - 1);
        }

        foreach (var piece in stream.Read(start, tokens))
            yield return piece;
    }

    private ListedShard Listed(PlannedShard shard)
    {
        var path = Path.Combine(options.Folder, shard.File);
        var header = options.Format == TokenFileFormat.LlmC ? LlmcHeader.Length : 0;
        var file = new FileInfo(path);
        var expected = header + (shard.Tokens * width);
        if (!file.Exists || file.Length != expected)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The shard '{path}' {(file.Exists ? $"has {file.Length} bytes" : "is missing")} where {expected} bytes were to be written; write it again."
                )
            );
        }

        return new ListedShard(
            shard.File,
            shard.Tokens,
            options.Format == TokenFileFormat.LowRank ? TokenShardFormat.Load(path).Hash : null
        );
    }
}
