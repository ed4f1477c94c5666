using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using LowRank.Training.Data.Shards;
using LowRank.Training.Documents;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Pipelines;

/// <summary>The stages from what is left of the documents to shards of tokens.</summary>
internal sealed class TokenStages
{
    private readonly TokensOptions options;
    private readonly PipelineFolder folder;
    private readonly int units;
    private readonly Func<int, CancellationToken, IEnumerable<Document>> read;
    private readonly Func<long> keptBytes;

    // Both are there once the stages before are done.
    private readonly Lazy<Tokenizer> tokenizer;
    private readonly Lazy<ShardPlan?> plan;

    /// <param name="options">How.</param>
    /// <param name="folder">Where.</param>
    /// <param name="units">Number of units.</param>
    /// <param name="read">Reads what is left of a unit.</param>
    /// <param name="keptBytes">Bytes of text that are left in all units, known when the passes are done.</param>
    public TokenStages(
        TokensOptions options,
        PipelineFolder folder,
        int units,
        Func<int, CancellationToken, IEnumerable<Document>> read,
        Func<long> keptBytes
    )
    {
        (this.options, this.folder, this.units, this.read, this.keptBytes) = (options, folder, units, read, keptBytes);
        tokenizer = new(() => Tokenizer.Load(options.Tokenizer ?? folder.Tokenizer));
        plan = new(() =>
        {
            var counted = Units().ToList();
            // Where nothing is left there are no files; the report says why.
            if (counted.Sum(unit => unit.Training.Tokens + unit.Validation.Tokens) == 0)
                return null;
            return ShardPlan.Make(
                counted,
                new ShardOptions
                {
                    Folder = folder.Tokens,
                    Tokenizer = tokenizer.Value,
                    Description = string.Create(CultureInfo.InvariantCulture, $"{units} files of documents, filtered"),
                    Format = options.Format,
                    ShardTokens = options.ShardTokens,
                    HoldsOutFirstShard = options.HoldOutFirstShard,
                }
            );
        });
    }

    /// <summary>The stages.</summary>
    public IEnumerable<Stage> Stages()
    {
        if (options.Tokenizer is null)
            yield return new Stage("tokenizer", () => 1, (_, cancellation) => Train(cancellation));
        yield return new Stage("tokenize", () => units, Encode);
        yield return new Stage("shards", () => plan.Value?.Shards.Count ?? 0, Write);
        yield return new Stage("tokens", () => 1, (_, _) => Finish());
    }

    /// <summary>Number of tokens, once they are counted.</summary>
    public long Count() => Units().Sum(unit => unit.Training.Tokens + unit.Validation.Tokens);

    private ReadOnlyMemory<byte> Train(CancellationToken cancellation)
    {
        var bytes = keptBytes();
        // A document's own hash decides, so that no order matters.
        var limit = bytes <= options.SampleBytes ? ulong.MaxValue : (ulong)((double)options.SampleBytes / bytes * ulong.MaxValue);
        var trainer = new BytePairTrainer();
        foreach (var document in Enumerable.Range(0, units).SelectMany(unit => read(unit, cancellation)))
        {
            if (XxHash3.HashToUInt64(MemoryMarshal.AsBytes(document.Text.AsSpan())) <= limit)
                trainer.Add(Encoding.UTF8.GetBytes(document.Text), cancellation);
        }

        trainer.Train(options.Vocabulary, cancellation).Save(folder.Tokenizer);
        return Stage.Nothing;
    }

    private ReadOnlyMemory<byte> Encode(int unit, CancellationToken cancellation)
    {
        var path = folder.TokensOf(unit);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var texts = read(unit, cancellation).Select(document => document.Text);
        // A first shard that is held out takes the place of documents that are.
        var fraction = options.HoldOutFirstShard ? 0 : options.ValidationFraction;
        var tokens = UnitTokensWriter.Write(path, texts, tokenizer.Value, fraction, options.SpecialTokens, cancellation);
        return JsonSerializer.SerializeToUtf8Bytes(new TokensRecord(tokens.Training, tokens.Validation), PipelineJson.Default.TokensRecord);
    }

    private ReadOnlyMemory<byte> Write(int shard, CancellationToken cancellation)
    {
        plan.Value!.Write(shard, cancellation);
        return Stage.Nothing;
    }

    private ReadOnlyMemory<byte> Finish()
    {
        plan.Value?.Finish();
        return Stage.Nothing;
    }

    private IEnumerable<UnitTokens> Units() =>
        Enumerable
            .Range(0, units)
            .Select(unit =>
            {
                var record = JsonSerializer.Deserialize(
                    File.ReadAllBytes(folder.Done("tokenize", unit)),
                    PipelineJson.Default.TokensRecord
                )!;
                return new UnitTokens(folder.TokensOf(unit), record.Training, record.Validation);
            });
}
