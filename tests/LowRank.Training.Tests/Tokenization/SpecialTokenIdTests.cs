using System.Text.Json.Nodes;
using LowRank.Training.Generation;
using LowRank.Training.Pretrained;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Tests.Tokenization;

public sealed class SpecialTokenIdTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void All_files_of_a_checkpoint_say_where_texts_end()
    {
        folder.Write("config.json", """{"eos_token_id": 3, "bos_token_id": 4}""");
        folder.Write("generation_config.json", """{"eos_token_id": [7, 9], "bos_token_id": null}""");
        folder.Write("tokenizer_config.json", """{"eos_token": {"content": "#", "lstrip": false}, "bos_token": null}""");
        var tokenizer = Load();

        Assert.Equal(((int[])[3, 7, 9, tokenizer.Encode("#")[0], 699]).Order(), tokenizer.EndTokens);
        Assert.Equal(699, tokenizer.EndOfText);
        Assert.Equal(4, tokenizer.Ids.BeginToken);
    }

    [Fact]
    public void They_are_kept_beside_the_tokenizer()
    {
        folder.Write("generation_config.json", """{"eos_token_id": [7, 9]}""");
        var saved = folder.Under("saved", "tokenizer.json");
        Load().Save(saved);
        var loaded = Tokenizer.Load(saved);

        Assert.Equal([7, 9, 699], loaded.EndTokens);
        Assert.NotEqual(Samples.Tokenizer.Identity, loaded.Identity);
        Assert.Equal(Samples.Tokenizer.Fingerprint, loaded.Fingerprint);

        // One without ids of its own leaves none of another's behind.
        Samples.Tokenizer.Save(saved);
        Assert.Equal([699], Tokenizer.Load(saved).EndTokens);
    }

    [Fact]
    public void A_tokenizer_whose_own_names_end_no_text_is_ended_by_theirs()
    {
        folder.Write("generation_config.json", """{"eos_token_id": [7, 9]}""");
        var json = Json();
        json["added_tokens"] = new JsonArray();
        json["model"]!["vocab"]!.AsObject().Remove("<|endoftext|>");
        var path = folder.Write("tokenizer.json", json.ToJsonString());

        Assert.Equal(7, Tokenizer.Load(path, PretrainedTokenIds.Read(folder.Path)).EndOfText);
    }

    [Theory]
    [InlineData("""{"eos_token_id": [7], "config": {"eos_token_id": "7"}}""", "config.eos_token_id must be")]
    [InlineData("""{"eos_token_id": [7], "config": {"pad_token_id": 7}}""", "pad_token_id")]
    [InlineData("""{"eos_token_id": [7], "config": [7]}""", "config must be")]
    public void What_is_kept_beside_a_tokenizer_and_damaged_is_refused(string json, string reason)
    {
        var saved = folder.Under("saved", "tokenizer.json");
        Samples.Tokenizer.Save(saved);
        folder.Write("saved/" + SpecialTokenIds.FileName, json);

        Assert.Contains(reason, Assert.ThrowsAny<InputException>(() => Tokenizer.Load(saved)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json", """{"eos_token_id": 700}""", "which no entry has")]
    [InlineData("config.json", """{"eos_token_id": "2"}""", "eos_token_id must be")]
    [InlineData("generation_config.json", """{"bos_token_id": -1}""", "bos_token_id must be")]
    [InlineData("tokenizer_config.json", """{"eos_token": "<nobody>"}""", "names '<nobody>' as its eos_token, which no entry is")]
    [InlineData("tokenizer_config.json", """[]""", "must be an object")]
    public void What_is_no_id_is_refused(string file, string json, string reason)
    {
        folder.Write(file, json);

        Assert.Contains(reason, Assert.ThrowsAny<InputException>(Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_between_ids_are_never_drawn()
    {
        var json = Json();
        json["added_tokens"]!
            .AsArray()
            .Add(
                new JsonObject
                {
                    ["id"] = 705,
                    ["content"] = "<x>",
                    ["special"] = true,
                }
            );
        var tokenizer = Tokenizer.Load(folder.Write("tokenizer.json", json.ToJsonString()));
        var sampler = new Sampler(new SamplingOptions { Temperature = 1 }, tokenizer.MissingIds);
        var logits = new float[tokenizer.VocabularySize];
        Array.Fill(logits, -100);
        logits.AsSpan(698).Fill(10);

        Assert.Equal([700, 701, 702, 703, 704], tokenizer.MissingIds);
        Assert.Subset(new HashSet<int> { 698, 699, 705 }, Enumerable.Range(0, 200).Select(_ => sampler.Sample(logits)).ToHashSet());
        var likeliest = new Sampler(new SamplingOptions { Temperature = 0 }, tokenizer.MissingIds);
        logits[702] = 20;
        Assert.Equal(698, likeliest.Sample(logits));
    }

    private Tokenizer Load()
    {
        var path = folder.Under("tokenizer.json");
        Samples.Tokenizer.Save(path);
        return Tokenizer.Load(path, PretrainedTokenIds.Read(folder.Path));
    }

    private JsonNode Json()
    {
        var path = folder.Under("as-it-was.json");
        Samples.Tokenizer.Save(path);
        return JsonNode.Parse(File.ReadAllBytes(path))!;
    }
}
