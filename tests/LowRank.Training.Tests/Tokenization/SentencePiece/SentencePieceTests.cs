using System.Text;
using System.Text.Json.Nodes;
using LowRank.Training.Tests.Tokenization.Published;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Tests.Tokenization.SentencePiece;

public sealed class SentencePieceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true, true, true, false)]
    [InlineData(true, false, false, false)]
    [InlineData(false, true, true, true)]
    [InlineData(false, false, false, true)]
    public void The_reference_reads_what_a_model_becomes(bool bytePairs, bool fallback, bool prefix, bool extraSpaces)
    {
        ReferenceTokenizer.Require();
        var ours = Load(SentencePieceFile.Small(bytePairs, fallback, prefix, extraSpaces));
        var path = folder.Under("tokenizer.json");
        ours.Save(path);
        using var reference = new ReferenceTokenizer(path);
        Assert.All(VariedTexts.For(ours).Where(text => text.Length < 300), text => reference.AssertEqual(ours, text));
        Assert.Equal(ours.Fingerprint, Tokenizer.Load(path).Fingerprint);
    }

    [Fact]
    public void Pairs_are_merged_by_the_scores_of_their_pieces()
    {
        var model = Load(SentencePieceFile.Small(bytePairs: true));

        Assert.Equal(["▁there", "▁re", "▁", "ll", "▁", "on", "▁", "z"], Names(model, "there re ll on z"));
        Assert.Equal(["▁hello", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>"], Names(model, "hello😀"));
        Assert.Equal("hello😀"u8, model.Decode(model.Encode("hello😀")));
    }

    [Fact]
    public void Extra_spaces_are_left_out_where_the_model_says_so()
    {
        var removes = Load(SentencePieceFile.Small(bytePairs: false, extraSpaces: true));
        var keeps = Load(SentencePieceFile.Small(bytePairs: false, extraSpaces: false));

        Assert.Equal(removes.Encode("the a"), removes.Encode("  the   a "));
        Assert.NotEqual(keeps.Encode("the a"), keeps.Encode("  the   a "));
    }

    [Fact]
    public void Control_pieces_are_special_and_user_defined_ones_are_found_in_every_text()
    {
        var model = Load(SentencePieceFile.Small(bytePairs: true));

        Assert.Equal([("<unk>", 0), ("<s>", 1), ("</s>", 2)], model.Special);
        Assert.Equal(2, model.EndOfText);
        Assert.Contains(3, model.Encode("a<user>b"));
        Assert.DoesNotContain(1, model.Encode("a<s>b"));
    }

    [Fact]
    public void A_model_without_an_end_is_refused()
    {
        var path = folder.Write("tokenizer.model", SentencePieceFile.Small(bytePairs: true)[..^3]);

        Assert.Contains(
            "it is no whole SentencePiece model",
            Assert.Throws<InputException>(() => Tokenizer.Load(path)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_merges_of_a_published_model_come_from_its_scores()
    {
        // A piece's score is the place of the first merge that makes it.
        var published = JsonNode.Parse(File.ReadAllBytes(PublishedTokenizers.Find("llama2")))!;
        var scores = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var merge in published["model"]!["merges"]!.AsArray())
            scores.TryAdd(((string)merge!).Replace(" ", "", StringComparison.Ordinal), -scores.Count);
        var file = new SentencePieceFile();
        foreach (
            var (piece, id) in published["model"]!["vocab"]!
                .AsObject()
                .OrderBy(entry => (int)entry.Value!)
                .Select((entry, id) => (entry.Key, id))
        )
        {
            var type =
                id == 0 ? SentencePieceFile.Unknown
                : id < 3 ? SentencePieceFile.Control
                : id < 259 ? SentencePieceFile.Byte
                : SentencePieceFile.Normal;
            file.Piece(piece, scores.GetValueOrDefault(piece, -1e6f), type);
        }

        var ours = Load(file.Finish(bytePairs: true, fallback: true, prefix: true, extraSpaces: false));
        var theirs = Tokenizer.Load(PublishedTokenizers.Find("llama2"));
        Assert.All(VariedTexts.For(theirs), text => Assert.Equal(theirs.Encode(text), ours.Encode(text)));
    }

    private Tokenizer Load(byte[] model) => Tokenizer.Load(folder.Write("tokenizer.model", model));

    private static string[] Names(Tokenizer tokenizer, string text) => [.. tokenizer.Encode(text).Select(tokenizer.Name)];
}
