using System.Buffers.Binary;
using LowRank.Training.Data;
using LowRank.Training.Data.Shards;
using LowRank.Training.Tests.Tokenization;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Tests.Data.Shards;

public sealed class ShardPlanTests : IDisposable
{
    private const int Units = 5;

    private readonly TemporaryFolder folder = new();
    private readonly Tokenizer tokenizer = Samples.Tokenizer;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Shards_of_ours_hold_all_tokens_in_the_units_order_with_an_end_after_each_document()
    {
        var plan = ShardPlan.Make(WriteUnits(), Options() with { ShardTokens = 100 });
        WriteAll(plan);

        int[] expected = [.. Documents().SelectMany(document => (int[])[.. tokenizer.Encode(document), tokenizer.EndOfText])];
        Assert.Equal(expected, plan.Shards.SelectMany(shard => Tokens(shard.File, 0, 2)));
        Assert.All(plan.Shards.SkipLast(1), shard => Assert.Equal(100, shard.Tokens));
        Assert.Equal("training-000001.tokens", plan.Shards[1].File);
        // Each is a shard by itself, with its hash beside it.
        using var second = TokenShard.Open(Path("training-000001.tokens"));
        Assert.Equal(100, second.Count);
    }

    [Fact]
    public void Shards_of_llm_c_have_its_header_and_an_end_before_each_document()
    {
        var plan = ShardPlan.Make(
            WriteUnits(),
            Options() with
            {
                Format = TokenFileFormat.LlmC,
                ShardTokens = 100,
                HoldsOutFirstShard = true,
                Name = "web",
            }
        );
        WriteAll(plan);

        int[] expected = [.. Documents().SelectMany(document => (int[])[tokenizer.EndOfText, .. tokenizer.Encode(document)])];
        Assert.Equal(expected, plan.Shards.SelectMany(shard => Tokens(shard.File, 1024, 2)));
        Assert.Equal(
            ["web_val_000000.bin", "web_train_000001.bin", "web_train_000002.bin"],
            plan.Shards.Take(3).Select(shard => shard.File)
        );
        var header = File.ReadAllBytes(Path("web_train_000001.bin")).AsSpan(0, 1024);
        Assert.Equal(
            [20240520, 1, 100],
            Enumerable
                .Range(0, 3)
                .Select(i => BinaryPrimitives.ReadInt32LittleEndian(File.ReadAllBytes(Path("web_train_000001.bin")).AsSpan(4 * i)))
        );
        Assert.Equal(-1, header[12..].IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void NanoGpt_has_a_file_for_each_split_and_documents_are_held_out_by_their_hash()
    {
        var units = WriteUnits(validationFraction: 0.3);
        var plan = ShardPlan.Make(units, Options() with { Format = TokenFileFormat.NanoGpt, ShardTokens = 100 });
        WriteAll(plan);

        Assert.Equal(["val.bin", "train.bin"], plan.Shards.Select(shard => shard.File));
        var split = CorpusSplit.ByHash(0.3);
        foreach (var (file, held) in new[] { ("val.bin", true), ("train.bin", false) })
        {
            int[] expected =
            [
                .. Documents()
                    .Where(document => split.IsValidation(System.Text.Encoding.UTF8.GetBytes(document)) == held)
                    .SelectMany(document => (int[])[.. tokenizer.Encode(document), tokenizer.EndOfText]),
            ];
            Assert.NotEmpty(expected);
            Assert.Equal(expected, Tokens(file, 0, 2));
        }

        Assert.Equal(Documents().Length, units.Sum(unit => unit.Training.Documents + unit.Validation.Documents));
        Assert.Equal(
            Documents().Sum(document => System.Text.Encoding.UTF8.GetByteCount(document)),
            units.Sum(unit => unit.Training.Bytes + unit.Validation.Bytes)
        );
    }

    [Theory]
    [InlineData(TokenFileFormat.LowRank)]
    [InlineData(TokenFileFormat.LlmC)]
    [InlineData(TokenFileFormat.NanoGpt)]
    public void Any_order_and_any_repetition_gives_the_same_bytes(object format)
    {
        var options = Options() with { Format = (TokenFileFormat)format, ShardTokens = 77 };
        var units = WriteUnits(validationFraction: 0.2);
        var plan = ShardPlan.Make(units, options);
        WriteAll(plan);
        plan.Finish();

        var again = ShardPlan.Make(units, options with { Folder = folder.Under("again") });
        Parallel.For(0, again.Shards.Count, shard => again.Write(again.Shards.Count - 1 - shard));
        again.Write(0);
        again.Finish();

        string[] Names(string path) =>
            [.. Directory.GetFiles(path).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(Names(folder.Under("out")), Names(folder.Under("again")));
        Assert.All(
            Names(folder.Under("out")),
            name => Assert.Equal(File.ReadAllBytes(folder.Under("out", name)), File.ReadAllBytes(folder.Under("again", name)))
        );
    }

    [Fact]
    public void A_folder_is_finished_when_all_shards_are_there()
    {
        var plan = ShardPlan.Make(WriteUnits(), Options() with { ShardTokens = 100 });
        plan.Write(0);

        var error = Assert.Throws<InputException>(plan.Finish);
        Assert.Equal(
            $"The shard '{Path("training-000001.tokens")}' is missing where 200 bytes were to be written; write it again.",
            error.Message
        );
        Assert.False(File.Exists(Path(TokenFolderManifest.FileName)));

        WriteAll(plan);
        plan.Finish();
        var manifest = TokenFolderManifest.Load(folder.Under("out"));
        Assert.Equal(plan.Shards.Select(shard => shard.File), manifest.Training.Select(shard => shard.File));
        Assert.Equal(Documents().Length, manifest.TrainingDocuments);
        Assert.Equal(tokenizer.Fingerprint, Tokenizer.Load(Path("tokenizer.json")).Fingerprint);
    }

    [Fact]
    public void Units_that_changed_since_they_were_counted_are_refused()
    {
        var units = WriteUnits();
        var plan = ShardPlan.Make(units, Options());
        File.AppendAllBytes(units[2].Path, [1]);
        Assert.Contains(
            "have the unit encoded again",
            Assert.Throws<InputException>(() => plan.Write(0)).Message,
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.GetFiles(folder.Under("out")));

        File.Delete(units[2].Path);
        Assert.Contains(units[2].Path, Assert.Throws<InputException>(() => plan.Write(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_format_cannot_hold_is_refused()
    {
        var units = WriteUnits();
        Assert.Contains(
            "ask for smaller shards",
            Assert.Throws<InputException>(() => ShardPlan.Make(units, Options() with { HoldsOutFirstShard = true })).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "counts them in 32 bits",
            Assert
                .Throws<InputException>(() =>
                    ShardPlan.Make(units, Options() with { Format = TokenFileFormat.LlmC, ShardTokens = 1L << 31 })
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() =>
            ShardPlan.Make(WriteUnits(validationFraction: 0.5), Options() with { HoldsOutFirstShard = true, ShardTokens = 10 })
        );
    }

    [Fact]
    public void An_abandoned_unit_leaves_nothing()
    {
        using (var writer = new UnitTokensWriter(folder.Under("unit"), tokenizer))
            writer.Add("some text");
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private string Path(string file) => folder.Under("out", file);

    private ShardOptions Options() =>
        new()
        {
            Folder = folder.Under("out"),
            Tokenizer = tokenizer,
            Description = "test documents",
        };

    // A unit without documents among them.
    private static string[] Documents() => [.. Enumerable.Range(0, Units).SelectMany(Documents)];

    private static string[] Documents(int unit) =>
        unit == 1
            ? []
            :
            [
                .. Enumerable
                    .Range(0, 9)
                    .Select(i => $"Document {unit} {i}: " + string.Concat(Enumerable.Repeat($"the text é {i * unit} ", i + 1))),
            ];

    private UnitTokens[] WriteUnits(double validationFraction = 0) =>
        [
            .. Enumerable
                .Range(0, Units)
                .Select(unit => UnitTokensWriter.Write(folder.Under($"unit-{unit}"), Documents(unit), tokenizer, validationFraction)),
        ];

    private static void WriteAll(ShardPlan plan)
    {
        for (var shard = 0; shard < plan.Shards.Count; shard++)
            plan.Write(shard);
    }

    private int[] Tokens(string file, int header, int width)
    {
        var bytes = File.ReadAllBytes(Path(file)).AsSpan(header);
        var tokens = new int[bytes.Length / width];
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] =
                width == 2
                    ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..])
                    : BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]);
        return tokens;
    }
}
