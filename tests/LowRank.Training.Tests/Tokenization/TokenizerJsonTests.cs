using System.Text.Json.Nodes;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Tests.Tokenization;

public sealed class TokenizerJsonTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_saved_loads_and_saves_to_the_same_bytes()
    {
        var first = folder.Under("new", "folder", "first.json");
        var second = folder.Under("second.json");
        Samples.Tokenizer.Save(first);
        var loaded = Tokenizer.Load(first);
        loaded.Save(second);

        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
        Assert.Equal(Samples.Tokenizer.Fingerprint, loaded.Fingerprint);
        Assert.Equal(Samples.Tokenizer.VocabularySize, loaded.VocabularySize);
        Assert.Equal(Samples.Tokenizer.EndOfText, loaded.EndOfText);
        var text = Samples.Documents(1, seed: 20)[0];
        Assert.Equal(Samples.Tokenizer.Encode(text), loaded.Encode(text));
    }

    [Fact]
    public void Saving_replaces_a_file_and_leaves_no_other()
    {
        var path = folder.Write("tokenizer.json", "old");
        Samples.Tokenizer.Save(path);

        Assert.Equal(Samples.Tokenizer.Fingerprint, Tokenizer.Load(path).Fingerprint);
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void The_file_is_of_the_kind_that_Hugging_Face_reads()
    {
        var json = Saved();

        Assert.Equal("BPE", (string?)json["model"]!["type"]);
        Assert.Equal("ByteLevel", (string?)json["pre_tokenizer"]!["type"]);
        Assert.False((bool)json["pre_tokenizer"]!["add_prefix_space"]!);
        Assert.Equal("ByteLevel", (string?)json["decoder"]!["type"]);
        Assert.Equal("<|endoftext|>", (string?)json["added_tokens"]![0]!["content"]);
        Assert.Equal(699, (int)json["added_tokens"]![0]!["id"]!);
        Assert.True((bool)json["added_tokens"]![0]!["special"]!);
        Assert.Equal(0, (int)json["model"]!["vocab"]!["!"]!);
        Assert.Equal(220, (int)json["model"]!["vocab"]!["Ġ"]!);
        Assert.Equal(700 - 257, json["model"]!["merges"]!.AsArray().Count);
    }

    [Fact]
    public void Merges_may_be_pairs()
    {
        var loaded = Load(json =>
            json["model"]!["merges"] = new JsonArray([
                .. json["model"]!["merges"]!
                    .AsArray()
                    .Select(merge => new JsonArray([.. ((string)merge!).Split(' ').Select(part => (JsonNode)part)])),
            ])
        );

        Assert.Equal(Samples.Tokenizer.Encode(" the trained weights"), loaded.Encode(" the trained weights"));
    }

    [Fact]
    public void Text_is_composed_where_the_file_says_so()
    {
        var qwen = Load(json => json["normalizer"] = new JsonObject { ["type"] = "NFC" });

        Assert.Equal(Samples.Tokenizer.Encode("caf\u00e9"), qwen.Encode("cafe\u0301"));
        Assert.NotEqual(Samples.Tokenizer.Encode("cafe\u0301"), qwen.Encode("cafe\u0301"));
    }

    [Fact]
    public void Digits_are_grouped_as_the_pattern_says()
    {
        var llama = Load(json => json["pre_tokenizer"] = Split(SplitPattern.Llama3.Expression));
        var qwen = Load(json => json["pre_tokenizer"] = Split(SplitPattern.Qwen2.Expression));

        Assert.Equal([.. llama.Encode("102"), .. llama.Encode("4")], llama.Encode("1024"));
        Assert.Equal(4, qwen.Encode("1024").Count);
    }

    [Fact]
    public void Whole_entries_go_before_merges_where_the_file_says_so()
    {
        Action<JsonNode> noMerges = json => json["model"]!["merges"] = new JsonArray();
        var merged = Load(noMerges);
        var whole = Load(noMerges + (json => json["model"]!["ignore_merges"] = true));

        Assert.Equal(7, merged.Encode(" weight").Count);
        Assert.Equal(Samples.Tokenizer.Encode(" weight"), whole.Encode(" weight"));
    }

    [Fact]
    public void Added_tokens_after_the_vocabulary_count_and_decode_to_nothing_when_special()
    {
        var loaded = Load(json =>
        {
            json["added_tokens"]!.AsArray().Add(Added(705, "<|im_start|>", special: true));
            json["added_tokens"]!.AsArray().Add(Added(706, "<tool>", special: false));
        });

        Assert.Equal(707, loaded.VocabularySize);
        Assert.Equal("<tool>"u8, loaded.Decode([705, 706, 699, 703]));
    }

    [Fact]
    public void What_is_not_known_is_refused_by_name()
    {
        Refused("its normalizer is Rot13, which is not known", json => json["normalizer"] = new JsonObject { ["type"] = "Rot13" });
        Refused("its model is Ngram, which is not known", json => json["model"]!["type"] = "Ngram");
        Refused("its pre_tokenizer is UnicodeScripts, which is not known", json => json["pre_tokenizer"]!["type"] = "UnicodeScripts");
        Refused("its decoder is Rot13, which is not known", json => json["decoder"]!["type"] = "Rot13");
        Refused("its post_processor is Rot13", json => json["post_processor"] = new JsonObject { ["type"] = "Rot13" });
        Refused("its version is 2.0, not 1.0", json => json["version"] = "2.0");
        Refused("has a group that doesn't end", json => json["pre_tokenizer"] = Split("a(b"));
        Refused(@"has \1, which is not supported", json => json["pre_tokenizer"] = Split(@"(a)\1"));
        Refused(@"has \p{Klingon}, which is not supported", json => json["pre_tokenizer"] = Split(@"\p{Klingon}+"));
        Refused("repeats without an end what may be empty", json => json["pre_tokenizer"] = Split("(a*)*"));
        Refused("has a group (?~…), which is not supported", json => json["pre_tokenizer"] = Split("(?~a)"));
        Refused("must be one of Removed", json => json["pre_tokenizer"] = Split("a", behavior: "Kept"));
        Refused(
            "it drops merges at random (dropout)",
            json =>
            {
                json["model"]!["dropout"] = 0.1;
                json["model"]!["end_of_word_suffix"] = "</w>";
            }
        );
    }

    [Fact]
    public void An_empty_sequence_normalizes_nothing()
    {
        var loaded = Load(json => json["normalizer"] = new JsonObject { ["type"] = "Sequence", ["normalizers"] = new JsonArray() });

        Assert.Equal(Samples.Tokenizer.Encode("cafe\u0301"), loaded.Encode("cafe\u0301"));
    }

    [Fact]
    public void Damaged_files_are_refused_with_what_is_wrong()
    {
        Refused("is not a pair of entries that make a third", json => json["model"]!["merges"]!.AsArray().Add("zz qq"));
        Refused("is not between 0 and", json => json["model"]!["vocab"]!["ab"] = -1);
        Refused("has the id 3, which is another entry's", json => json["added_tokens"]!.AsArray().Add(Added(3, "<new>", special: true)));
        Refused(
            "it has no token that is known to end a text",
            json =>
            {
                json["added_tokens"] = new JsonArray();
                json["model"]!["vocab"]!.AsObject().Remove("<|endoftext|>");
            }
        );
        Refused("it is not a Hugging Face tokenizer.json", json => json.AsObject().Remove("model"));

        var path = folder.Write("broken.json", "{ \"model\": ");
        Assert.StartsWith(
            $"The tokenizer '{path}' cannot be used: it is not a Hugging Face tokenizer.json",
            Assert.Throws<InputException>(() => Tokenizer.Load(path)).Message
        );
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var path = folder.Under("absent.json");

        Assert.StartsWith($"The tokenizer '{path}' cannot be read:", Assert.Throws<InputException>(() => Tokenizer.Load(path)).Message);
        Assert.StartsWith("The tokenizer '' cannot be read:", Assert.Throws<InputException>(() => Tokenizer.Load("")).Message);
    }

    private static JsonObject Split(string expression, string behavior = "Isolated") =>
        new()
        {
            ["type"] = "Sequence",
            ["pretokenizers"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "Split",
                    ["pattern"] = new JsonObject { ["Regex"] = expression },
                    ["behavior"] = behavior,
                    ["invert"] = false,
                },
                new JsonObject
                {
                    ["type"] = "ByteLevel",
                    ["add_prefix_space"] = false,
                    ["use_regex"] = false,
                }
            ),
        };

    private static JsonObject Added(int id, string content, bool special) =>
        new()
        {
            ["id"] = id,
            ["content"] = content,
            ["special"] = special,
        };

    private JsonNode Saved()
    {
        var path = folder.Under("saved.json");
        Samples.Tokenizer.Save(path);
        return JsonNode.Parse(File.ReadAllBytes(path))!;
    }

    private Tokenizer Load(Action<JsonNode> change)
    {
        var json = Saved();
        change(json);
        return Tokenizer.Load(folder.Write("changed.json", json.ToJsonString()));
    }

    private void Refused(string reason, Action<JsonNode> change) =>
        Assert.Contains(reason, Assert.Throws<InputException>(() => Load(change)).Message, StringComparison.Ordinal);
}
