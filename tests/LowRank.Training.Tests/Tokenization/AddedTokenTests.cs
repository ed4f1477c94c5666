using System.Text.Json.Nodes;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Tests.Tokenization;

public sealed class AddedTokenTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Special_tokens_stay_text_unless_they_are_asked_for()
    {
        var tokenizer = With(Added(705, "<|im_start|>", special: true));

        Assert.DoesNotContain(705, tokenizer.Encode("a<|im_start|>b"));
        Assert.Equal([.. tokenizer.Encode("a"), 705, .. tokenizer.Encode("b")], tokenizer.Encode("a<|im_start|>b", specialTokens: true));
        Assert.Equal([("<|endoftext|>", 699), ("<|im_start|>", 705)], tokenizer.Special);
    }

    [Fact]
    public void Other_added_tokens_are_found_in_every_text()
    {
        var tokenizer = With(Added(705, "<tool>", special: false));

        Assert.Equal([.. tokenizer.Encode("a "), 705, .. tokenizer.Encode("b")], tokenizer.Encode("a <tool>b"));
        Assert.Equal([705, 705], tokenizer.Encode("<tool><tool>"u8));
        Assert.Equal("a <tool>b"u8, tokenizer.Decode(tokenizer.Encode("a <tool>b")));
    }

    [Fact]
    public void The_leftmost_counts_and_of_several_there_the_longest()
    {
        var tokenizer = With(Added(705, "<t", false), Added(706, "<t|>", false), Added(707, "t|>ef", false));

        Assert.Equal([706, .. tokenizer.Encode("ef")], tokenizer.Encode("<t|>ef"));
        Assert.Equal([705, .. tokenizer.Encode("|")], tokenizer.Encode("<t|"));
    }

    [Fact]
    public void A_special_token_that_stays_text_hides_what_lies_within_it()
    {
        var tokenizer = With(Added(705, "<t", false), Added(706, "<t|>", true));

        Assert.DoesNotContain(705, tokenizer.Encode("<t|>"));
        Assert.Equal(705, tokenizer.Encode("<t|")[0]);
        Assert.Equal([706], tokenizer.Encode("<t|>", specialTokens: true));
    }

    [Fact]
    public void White_space_beside_a_token_belongs_to_it_where_the_file_says_so()
    {
        var both = With(Added(705, "<m>", false, "lstrip", "rstrip"));
        var left = With(Added(705, "<m>", false, "lstrip"));

        Assert.Equal([.. both.Encode("a"), 705, .. both.Encode("b")], both.Encode("a \u3000<m>\n b"));
        Assert.Equal([.. left.Encode("a"), 705, .. left.Encode(" b")], left.Encode("a  <m> b"));
    }

    [Fact]
    public void A_single_word_is_not_found_within_another()
    {
        var tokenizer = With(Added(705, "end", false, "single_word"));

        Assert.DoesNotContain(705, tokenizer.Encode("endless bend"));
        Assert.DoesNotContain(705, tokenizer.Encode("end_ éend"));
        Assert.Equal([.. tokenizer.Encode("the "), 705, .. tokenizer.Encode(".")], tokenizer.Encode("the end."));
    }

    [Fact]
    public void A_normalized_token_is_found_in_normalized_text()
    {
        var tokenizer = With(
            json => json["normalizer"] = new JsonObject { ["type"] = "NFC" },
            Added(705, "cafe\u0301", false, "normalized")
        );

        Assert.Equal([705], tokenizer.Encode("caf\u00e9"));
        Assert.Equal([705], tokenizer.Encode("cafe\u0301"));
    }

    [Fact]
    public void Bytes_that_are_no_text_stay_as_they_are_between_tokens()
    {
        var tokenizer = With(Added(705, "<m>", false, "lstrip", "rstrip", "single_word"));
        byte[] text = [0xFF, .. "<m>"u8, 0x80, 0xC3];

        Assert.Equal(705, tokenizer.Encode(text)[1]);
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Fact]
    public void The_template_says_what_stands_before_a_text()
    {
        var plain = With(Added(705, "<s>", special: true));
        var tokenizer = With(
            json =>
                json["post_processor"] = JsonNode.Parse(
                    """
                    {"type": "Sequence", "processors": [{"type": "ByteLevel"}, {"type": "TemplateProcessing",
                     "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [],
                     "special_tokens": {"<s>": {"id": "<s>", "ids": [705], "tokens": ["<s>"]}}}]}
                    """
                ),
            Added(705, "<s>", special: true)
        );

        Assert.Null(plain.BeginOfText);
        Assert.Equal(705, tokenizer.BeginOfText);
        Assert.DoesNotContain(705, tokenizer.Encode("text"));
    }

    private Tokenizer With(params JsonObject[] added) => With(_ => { }, added);

    private Tokenizer With(Action<JsonNode> change, params JsonObject[] added)
    {
        var path = folder.Under("tokenizer.json");
        Samples.Tokenizer.Save(path);
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        change(json);
        foreach (var token in added)
            json["added_tokens"]!.AsArray().Add(token);
        return Tokenizer.Load(folder.Write("changed.json", json.ToJsonString()));
    }

    private static JsonObject Added(int id, string content, bool special, params string[] flags)
    {
        var token = new JsonObject
        {
            ["id"] = id,
            ["content"] = content,
            ["special"] = special,
        };
        foreach (var flag in (string[])["single_word", "lstrip", "rstrip", "normalized"])
            token[flag] = flags.Contains(flag);
        return token;
    }
}
