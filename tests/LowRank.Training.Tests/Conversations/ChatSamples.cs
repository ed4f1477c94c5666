using System.Text;
using System.Text.Json.Nodes;
using LowRank.Training.Conversations;
using LowRank.Training.Data.Examples;
using LowRank.Training.Tests.Tokenization;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Tests.Conversations;

/// <summary>A tokenizer with tokens for turns, templates over them, and what becomes of conversations by these.</summary>
internal static class ChatSamples
{
    /// <summary>Turns between special tokens, each ended by one and by a newline.</summary>
    public const string Turns = """
        {%- for message in messages %}
        {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}
        {{- '<|im_start|>assistant\n' }}
        {%- endif %}
        """;

    /// <summary>The same, and what was thought is left out of all answers but the last.</summary>
    public const string Thinking = """
        {%- for message in messages %}
        {%- set content = message.content.split('</think>')[-1].lstrip('\n') if message.role == 'assistant' and not loop.last else message.content %}
        {{- '<|im_start|>' + message.role + '\n' + content + '<|im_end|>\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}
        {{- '<|im_start|>assistant\n' }}
        {%- endif %}
        """;

    /// <summary>The same as the first, with the answers marked.</summary>
    public const string Marked = """
        {%- for message in messages %}
        {{- '<|im_start|>' + message.role + '\n' }}
        {%- if message.role == 'assistant' %}{% generation %}{{ message.content + '<|im_end|>' }}{% endgeneration %}
        {%- else %}{{ message.content + '<|im_end|>' }}{% endif %}
        {{- '\n' }}
        {%- endfor %}
        """;

    private static readonly Lazy<Tokenizer> Lazy = new(Create);

    /// <summary>The tokenizer of other tests with <c>&lt;|im_start|&gt;</c> and <c>&lt;|im_end|&gt;</c>.</summary>
    public static Tokenizer Tokenizer => Lazy.Value;

    /// <summary>A model with a template in its settings.</summary>
    public static ConversationModel Model(string? template, ConversationOptions? options = null)
    {
        var settings = new JsonObject { ["eos_token"] = "<|im_end|>", ["chat_template"] = template };
        var companions = CompanionFiles.None.With(CompanionFiles.TokenizerConfig, Encoding.UTF8.GetBytes(settings.ToJsonString()));
        return new ConversationModel(Tokenizer, companions, options ?? new ConversationOptions());
    }

    /// <summary>Tokens as text, special ones by their names, in square brackets where they count.</summary>
    public static string Shown(TokenizedExample example)
    {
        var names = Tokenizer.Special.ToDictionary(token => token.Id, token => token.Text);
        var (text, between) = (new StringBuilder(), new List<int>());
        for (var token = 0; token <= example.Ids.Count; token++)
        {
            var isEnd = token == example.Ids.Count;
            var (counts, before) = (!isEnd && example.Counts[token], token > 0 && example.Counts[token - 1]);
            if (isEnd || counts != before || names.ContainsKey(example.Ids[token]))
            {
                text.Append(Encoding.UTF8.GetString(Tokenizer.Decode(between)));
                between.Clear();
            }

            text.Append(
                counts == before ? ""
                : counts ? "["
                : "]"
            );
            if (!isEnd && names.TryGetValue(example.Ids[token], out var name))
                text.Append($"«{name}»");
            else if (!isEnd)
                between.Add(example.Ids[token]);
        }

        return text.ToString().Replace("\n", "↵", StringComparison.Ordinal);
    }

    private static Tokenizer Create()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("tokenizer.json");
        Samples.Tokenizer.Save(path);
        var json = JsonNode.Parse(File.ReadAllBytes(path))!;
        var id = Samples.Tokenizer.VocabularySize;
        foreach (var name in new[] { "<|im_start|>", "<|im_end|>" })
        {
            json["added_tokens"]!
                .AsArray()
                .Add(
                    (JsonNode)
                        new JsonObject
                        {
                            ["id"] = id++,
                            ["content"] = name,
                            ["special"] = true,
                        }
                );
        }

        File.WriteAllText(path, json.ToJsonString());
        File.WriteAllText(folder.Under(SpecialTokenIds.FileName), $"{{\"eos_token_id\": [{id - 1}]}}");
        return Tokenizer.Load(path);
    }
}
