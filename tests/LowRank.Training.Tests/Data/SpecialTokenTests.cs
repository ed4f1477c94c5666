using System.Text.Json;
using System.Text.Json.Nodes;
using LowRank.Training.Data;
using LowRank.Training.Tests.Tokenization;

namespace LowRank.Training.Tests.Data;

public sealed class SpecialTokenTests : IDisposable
{
    private const int Documents = 60;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Special_tokens_in_documents_are_read_where_that_is_asked_for()
    {
        var options = Options(_ => { });
        using var text = TokenDataset.Prepare(options);
        using var tokens = TokenDataset.Prepare(options with { SpecialTokens = true });
        using var again = TokenDataset.Prepare(options);

        Assert.Equal(Documents, Count(text, Samples.Tokenizer.EndOfText));
        Assert.Equal(2 * Documents, Count(tokens, Samples.Tokenizer.EndOfText));
        Assert.NotEqual(text.Fingerprint, tokens.Fingerprint);
        Assert.Equal(text.Fingerprint, again.Fingerprint);
    }

    [Fact]
    public void What_a_template_sets_before_a_text_begins_every_document()
    {
        using var data = TokenDataset.Prepare(
            Options(json =>
            {
                json["added_tokens"]!
                    .AsArray()
                    .Add(
                        new JsonObject
                        {
                            ["id"] = 700,
                            ["content"] = "<s>",
                            ["special"] = true,
                        }
                    );
                json["post_processor"] = new JsonObject
                {
                    ["type"] = "RobertaProcessing",
                    ["sep"] = new JsonArray("</s>", 2),
                    ["cls"] = new JsonArray("<s>", 700),
                };
            })
        );

        Assert.Equal(Documents, Count(data, 700));
        var first = new long[1];
        data.Training.Read(0, first);
        Assert.Equal(700, first[0]);
    }

    private CorpusOptions Options(Action<JsonNode> change)
    {
        var path = folder.Under("sample.json");
        Samples.Tokenizer.Save(path);
        var json = JsonNode.Parse(File.ReadAllBytes(path))!;
        change(json);
        return new CorpusOptions
        {
            TextPaths =
            [
                folder.Write(
                    "text.jsonl",
                    string.Concat(
                        Enumerable
                            .Range(0, Documents)
                            .Select(number => JsonSerializer.Serialize(new { text = $"one {number}<|endoftext|>two {number}" }) + "\n")
                    )
                ),
            ],
            TokenizerPath = folder.Write("tokenizer.json", json.ToJsonString()),
            Vocabulary = 800,
            ValidationFraction = 0.2,
            CacheDirectory = folder.Under("cache"),
        };
    }

    private static int Count(TokenDataset data, int id) =>
        new[] { data.Training, data.Validation }.Sum(split =>
        {
            var tokens = new long[split.Count];
            split.Read(0, tokens);
            return tokens.Count(token => token == id);
        });
}
