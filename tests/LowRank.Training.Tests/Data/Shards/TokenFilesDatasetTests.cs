using LowRank.Training.Data;
using LowRank.Training.Data.Shards;
using LowRank.Training.Tests.Tokenization;
using LowRank.Training.Tokenization;
using static LowRank.Training.Tests.Data.Shards.TokenBytes;

namespace LowRank.Training.Tests.Data.Shards;

public sealed class TokenFilesDatasetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Tokenizer tokenizer = Samples.Tokenizer;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(TokenFileFormat.LowRank, false)]
    [InlineData(TokenFileFormat.LlmC, false)]
    [InlineData(TokenFileFormat.LlmC, true)]
    [InlineData(TokenFileFormat.NanoGpt, false)]
    public void What_was_written_is_read_as_one_text(object format, bool firstShard)
    {
        var units = Units(firstShard ? 0 : 0.3);
        var plan = ShardPlan.Make(
            units,
            new ShardOptions
            {
                Folder = folder.Under("out"),
                Tokenizer = tokenizer,
                Description = "samples",
                Format = (TokenFileFormat)format,
                ShardTokens = 500,
                HoldsOutFirstShard = firstShard,
            }
        );
        for (var shard = 0; shard < plan.Shards.Count; shard++)
            plan.Write(shard);
        plan.Finish();

        using var data = Prepare(folder.Under("out"));

        Assert.Equal("samples", data.Description);
        Assert.Equal(tokenizer.Fingerprint, data.Tokenizer.Fingerprint);
        Assert.Equal(folder.Under("out", "tokenizer.json"), data.TokenizerPath);
        Assert.Equal(units.Sum(unit => unit.Training.Tokens + unit.Validation.Tokens), data.Training.Count + data.Validation.Count);
        if (firstShard)
        {
            Assert.Equal(500, data.Validation.Count);
            Assert.Null(data.TrainingDocuments);
        }
        else
        {
            Assert.Equal(units.Sum(unit => unit.Training.Documents), data.TrainingDocuments);
            Assert.Equal(units.Sum(unit => unit.Validation.Bytes), data.ValidationBytes);
        }

        // Every token of the units, in their order; llm.c's are moved on by the first end.
        var isMoved = (TokenFileFormat)format == TokenFileFormat.LlmC;
        long[] stream =
        [
            .. units.SelectMany(unit => File.ReadAllBytes(unit.Path).Chunk(2).Select(pair => (long)BitConverter.ToUInt16(pair))),
        ];
        long[] expected = isMoved ? [tokenizer.EndOfText, .. stream[..^1]] : stream;
        Assert.Equal(firstShard ? expected[500..] : expected, All(data.Training));
    }

    [Fact]
    public void Without_a_validation_file_the_share_at_the_end_is_held_out()
    {
        folder.Write("d/part-1.bin", Llmc(2, [.. Enumerable.Range(0, 70)]));
        folder.Write("d/part-2.bin", Llmc(2, [.. Enumerable.Range(70, 30)]));
        tokenizer.Save(folder.Under("d", "tokenizer.json"));

        using var data = TokenDataset.Prepare(Options(folder.Under("d")) with { ValidationFraction = 0.05 });

        Assert.Equal(Enumerable.Range(0, 95).Select(token => (long)token), All(data.Training));
        Assert.Equal([95, 96, 97, 98, 99], All(data.Validation));
        Assert.Null(data.UnigramEntropy);
    }

    [Fact]
    public void Several_paths_of_tokens_are_one_text()
    {
        folder.Write("a/x.bin", Llmc(2, 1, 2, 3));
        folder.Write("b/train.bin", Numbers(2, 4, 5));
        folder.Write("b/val.bin", Numbers(2, 6));
        tokenizer.Save(folder.Under("b", "tokenizer.json"));

        using var data = Prepare(folder.Under("a"), folder.Under("b"));

        Assert.Equal([1, 2, 3, 4, 5], All(data.Training));
        Assert.Equal([6], All(data.Validation));
    }

    [Fact]
    public void Tokens_need_the_tokenizer_that_they_were_made_with()
    {
        var path = folder.Write("d/train.bin", Numbers(2, Enumerable.Range(0, 100).Select(token => (long)token)));
        Assert.Equal(
            $"'{folder.Under("d")}' holds tokens without the tokenizer that they were made with; put its tokenizer.json beside them, or name it with TokenizerPath.",
            Refusal(Options(folder.Under("d")))
        );

        tokenizer.Save(folder.Under("named.json"));
        using (var named = TokenDataset.Prepare(Options(folder.Under("d")) with { TokenizerPath = folder.Under("named.json") }))
            Assert.Equal(tokenizer.Fingerprint, named.Tokenizer.Fingerprint);

        Samples.Train(Samples.Documents(50, seed: 9), 400).Save(folder.Under("d", "tokenizer.json"));
        Assert.Equal(
            $"'{path}' was made with the tokenizer beside it, and '{folder.Under("named.json")}' gives other ids; give that one, or tokens made with this one.",
            Refusal(Options(path) with { TokenizerPath = folder.Under("named.json") })
        );

        // One of 400 entries is too small for these, which is seen where they are read.
        folder.Write("d/train.bin", Numbers(2, Enumerable.Range(0, 100).Select(token => token + 350L)));
        Assert.Contains("the tokenizer has 400 entries", Refusal(Options(path)), StringComparison.Ordinal);
        Assert.Contains(
            "but the model has a vocabulary of 399",
            Refusal(Options(path) with { Vocabulary = 399 }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_description_of_another_tokenizer_is_refused()
    {
        folder.Write("d/train.bin", Numbers(2, 1, 2));
        folder.Write(
            "d/tokens.json",
            """{"format":"nanogpt","description":"","vocabulary":50257,"endOfText":50256,"tokenizer":"","training":[{"file":"train.bin","tokens":2}],"validation":[]}"""
        );
        tokenizer.Save(folder.Under("d", "tokenizer.json"));
        Assert.Contains(
            "a tokenizer of 50257 entries of which 50256 ends documents",
            Refusal(Options(folder.Under("d"))),
            StringComparison.Ordinal
        );

        folder.Write("d/train.bin", Numbers(2, 1, 2, 3));
        Assert.Contains(
            "lists 2 tokens in the shard train.bin, which has 3",
            Refusal(Options(folder.Under("d"))),
            StringComparison.Ordinal
        );
        File.Delete(folder.Under("d", "train.bin"));
        Assert.Contains("lists the shard train.bin, which isn't there", Refusal(Options(folder.Under("d"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_and_tokens_need_weights()
    {
        folder.Write("d/train.bin", Numbers(2, 1, 2));
        var text = folder.Write("a.txt", "text");
        Assert.Equal(
            $"'{folder.Under("d")}' holds tokens and '{text}' text; say with TextWeights how much of each is read.",
            Refusal(Options(text, folder.Under("d")))
        );
    }

    [Fact]
    public void Inputs_are_looked_for_without_being_read()
    {
        folder.Write("d/train.bin", Numbers(2, Enumerable.Range(0, 100).Select(token => token + 60_000L)));
        Assert.Contains(
            "without the tokenizer",
            Assert.Throws<InputException>(() => TokenDataset.CheckInputs(Options(folder.Under("d")))).Message,
            StringComparison.Ordinal
        );
        tokenizer.Save(folder.Under("d", "tokenizer.json"));
        TokenDataset.CheckInputs(Options(folder.Under("d")));
    }

    [Fact]
    public void A_folder_of_prepared_text_is_read_as_tokens()
    {
        folder.Write(
            "text.jsonl",
            string.Concat(
                Samples
                    .Documents(40, seed: 3)
                    .Select(document =>
                        System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, string> { ["text"] = document }) + "\n"
                    )
            )
        );
        using var prepared = TokenDataset.Prepare(Options(folder.Under("text.jsonl")) with { CacheDirectory = folder.Under("cache") });
        using var again = Prepare(Directory.GetDirectories(folder.Under("cache")).Single());
        Assert.Equal(All(prepared.Training), All(again.Training));
        Assert.Equal(All(prepared.Validation), All(again.Validation));
        Assert.Equal(prepared.Tokenizer.Fingerprint, again.Tokenizer.Fingerprint);
    }

    private UnitTokens[] Units(double validationFraction) =>
        [
            .. Enumerable
                .Range(0, 3)
                .Select(unit =>
                    UnitTokensWriter.Write(folder.Under($"unit-{unit}"), Samples.Documents(12, seed: unit), tokenizer, validationFraction)
                ),
        ];

    private static CorpusOptions Options(params string[] paths) => new() { TextPaths = paths, Vocabulary = 700 };

    private static TokenDataset Prepare(params string[] paths) => TokenDataset.Prepare(Options(paths));

    private static string Refusal(CorpusOptions options) => Assert.Throws<InputException>(() => TokenDataset.Prepare(options)).Message;

    private static long[] All(TokenSequence tokens)
    {
        var all = new long[tokens.Count];
        tokens.Read(0, all);
        return all;
    }
}
