using LowRank.Training.Data;
using LowRank.Training.Data.Shards;
using static LowRank.Training.Tests.Data.Shards.TokenBytes;

namespace LowRank.Training.Tests.Data.Shards;

public sealed class TokenSearchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Llm_c_is_known_by_its_first_number_and_its_validation_shard_by_its_name(int width)
    {
        folder.Write("d/web_train_000002.bin", Llmc(width, 7, 8));
        folder.Write("d/web_train_000001.bin", Llmc(width, 4, 5, 6));
        folder.Write("d/web_val_000000.bin", Llmc(width, 1, 2));
        folder.Write("d/README.md", "what it is");

        var found = TokenSearch.Find(folder.Under("d"))!;

        Assert.Equal("llm.c", found.Format);
        Assert.Equal([4, 5, 6, 7, 8], Read(found.Training));
        Assert.Equal([1, 2], Read(found.Validation));
        Assert.Null(found.Tokenizer);
        Assert.Equal([7, 8], Read(TokenSearch.Find(folder.Under("d", "web_train_000002.bin"))!.Training));
        // By itself it is a text like any other.
        Assert.Equal([1, 2], Read(TokenSearch.Find(folder.Under("d", "web_val_000000.bin"))!.Training));
    }

    [Fact]
    public void NanoGpt_is_known_by_the_names_of_its_files()
    {
        folder.Write("d/train.bin", Numbers(2, 1, 65535, 3));
        folder.Write("d/val.bin", Numbers(2, 4));
        folder.Write("d/meta.pkl", [0x80, 4]);
        folder.Write("d/input.txt", "the text that it was made of");
        folder.Write("d/tokenizer.json", "{}");

        var found = TokenSearch.Find(folder.Under("d"))!;

        Assert.Equal("nanoGPT", found.Format);
        Assert.Equal([1, 65535, 3], Read(found.Training));
        Assert.Equal([4], Read(found.Validation));
        Assert.Equal(folder.Under("d", "tokenizer.json"), found.Tokenizer);
        folder.Write("d/train.bin", [1, 2, 3]);
        Assert.Equal(
            $"'{folder.Under("d", "train.bin")}' has 3 bytes, and nanoGPT's files have two for each token; it was cut off or is of another format.",
            Refusal(folder.Under("d"))
        );
    }

    [Theory]
    [InlineData(8, 2)]
    [InlineData(4, 4)]
    public void Megatron_has_an_index_beside_its_tokens(byte type, int width)
    {
        folder.Write("d/text_document.bin", Numbers(width, 1, 2, 3, 4, 5));
        folder.Write("d/text_document.idx", MegatronIndex(type, 2, 3));

        foreach (var path in new[] { folder.Under("d"), folder.Under("d", "text_document.bin"), folder.Under("d", "text_document.idx") })
        {
            var found = TokenSearch.Find(path)!;
            Assert.Equal("Megatron", found.Format);
            Assert.Equal([1, 2, 3, 4, 5], Read(found.Training));
        }
    }

    [Fact]
    public void An_index_of_Megatron_that_does_not_fit_is_refused()
    {
        var tokens = folder.Write("a.bin", Numbers(2, 1, 2, 3, 4, 5));
        void Index(byte[] bytes, string expected)
        {
            folder.Write("a.idx", bytes);
            Assert.Contains(expected, Refusal(tokens), StringComparison.Ordinal);
        }

        Index(MegatronIndex(8, 2, 4), "lists 6 tokens of 2 bytes, which end at 12");
        Index(MegatronIndex(4, 2, 3), "lists 5 tokens of 4 bytes, which end at 20");
        Index(MegatronIndex(5, 2, 3), "says tokens of type 5, and 8 (uint16) and 4 (int32) are read");
        Index([.. MegatronIndex(8, 2, 3), 0, 0], "where 2 sequences and 3 documents need 82");
        Index(MegatronIndex(8, 2, 3)[..20], "has 20 bytes, and its head alone 34");
        Index([.. MegatronIndex(8, 2, 3)[..9], 2, .. MegatronIndex(8, 2, 3)[10..]], "is of version 2, and version 1 is read");
        // Sequence counts beyond any file.
        Index([.. MegatronIndex(8, 2, 3)[..18], .. Numbers(8, -1, -1)], "need");
        File.Delete(tokens);
        folder.Write("a.idx", MegatronIndex(8, 2, 3));
        Assert.Contains("There is no", Refusal(folder.Under("a.idx")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Datatrove_tells_the_width_by_its_index_or_its_metadata(int width)
    {
        var tokens = folder.Write("d/00000_unshuffled.ds", Numbers(width, 1, 2, 3));
        Assert.Contains("how many bytes a token", Refusal(tokens), StringComparison.Ordinal);

        folder.Write("d/00000_unshuffled.ds.metadata", $"gpt2|{width}\n3\n3.00 T");
        Assert.Equal([1, 2, 3], Read(TokenSearch.Find(tokens)!.Training));
        folder.Write("d/00000_unshuffled.ds.metadata", "gpt2\n3");
        Assert.Contains("doesn't end in |2 or |4", Refusal(tokens), StringComparison.Ordinal);

        folder.Write("d/00000_unshuffled.ds.index", Numbers(8, 1, 3));
        var found = TokenSearch.Find(folder.Under("d"))!;
        Assert.Equal("datatrove", found.Format);
        Assert.Equal([1, 2, 3], Read(found.Training));
        folder.Write("d/00000_unshuffled.ds.index", Numbers(8, 1, 4));
        Assert.Contains("says 4 tokens, of two or four bytes each", Refusal(tokens), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_header_of_llm_c_does_not_say_is_refused()
    {
        var path = folder.Write("a.bin", Llmc(2, 1, 2, 3)[..^1]);
        Assert.Equal(
            $"'{path}' has 1029 bytes, but its header says 3 tokens of 2 bytes, which end at 1030; it was cut off or damaged: copy or write it again.",
            Refusal(path)
        );

        var old = Llmc(2, 1);
        old[4] = 3;
        folder.Write("a.bin", old);
        Assert.Contains("of version 3 with 1 tokens; version 1 is read", Refusal(path), StringComparison.Ordinal);
        folder.Write("a.bin", Llmc(2, 1)[..8]);
        Assert.Contains("256 numbers", Refusal(path), StringComparison.Ordinal);
        folder.Write("a.bin", [1, 2, 3, 4, 5, 6]);
        Assert.Contains("holds no tokens of a format that is known", Refusal(path), StringComparison.Ordinal);
        folder.Write("a.bin", []);
        Assert.Contains("holds no tokens of a format that is known", Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_not_taken_for_tokens()
    {
        folder.Write("d/a.txt", "text");
        folder.Write("d/model.bin", [1, 2, 3]);
        Assert.Null(TokenSearch.Find(folder.Under("d")));
        Assert.Null(TokenSearch.Find(folder.Under("d", "a.txt")));
        Assert.Null(TokenSearch.Find(folder.Under("nowhere")));
        Assert.Null(TokenSearch.Find(" "));
    }

    [Fact]
    public void A_folder_of_several_formats_is_refused()
    {
        folder.Write("d/a.bin", Llmc(2, 1));
        folder.Write("d/train.bin", Numbers(2, 1));
        Assert.Equal(
            $"'{folder.Under("d")}' holds tokens of several formats: llm.c ('a.bin'), nanoGPT ('train.bin'); name the files of one.",
            Refusal(folder.Under("d"))
        );
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData(
        """{"format":"lowrank","description":"","vocabulary":1,"endOfText":0,"tokenizer":"","training":[{"file":"../a","tokens":1}],"validation":[]}"""
    )]
    [InlineData("""{"format":"lowrank","description":"","vocabulary":1,"endOfText":0,"tokenizer":"","training":[null],"validation":[]}""")]
    [InlineData("""{"format":7,"description":"","vocabulary":1,"endOfText":0,"tokenizer":"","training":[],"validation":[]}""")]
    public void A_description_that_says_nothing_usable_is_refused(string manifest)
    {
        folder.Write("d/tokens.json", manifest);
        Assert.StartsWith(
            $"'{folder.Under("d", "tokens.json")}' doesn't describe a folder of tokens: ",
            Refusal(folder.Under("d")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_shard_of_ours_needs_its_description()
    {
        using (var writer = new TokenShardWriter(folder.Under("a.tokens"), 300))
        {
            writer.Write([1, 2, 299]);
            writer.Complete();
        }

        Assert.Equal([1, 2, 299], Read(TokenSearch.Find(folder.Under("a.tokens"))!.Training));
        File.Delete(folder.Under("a.tokens.json"));
        Assert.Contains("has no usable description beside it", Refusal(folder.Under("a.tokens")), StringComparison.Ordinal);
    }

    private static string Refusal(string path) => Assert.Throws<InputException>(() => TokenSearch.Find(path)).Message;

    private static long[] Read(IReadOnlyList<TokenFile> files)
    {
        using var tokens = new ShardedTokens(files, 1 << 20);
        var all = new long[tokens.Count];
        tokens.Read(0, all);
        return all;
    }
}
