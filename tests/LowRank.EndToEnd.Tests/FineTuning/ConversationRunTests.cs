using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LowRank.EndToEnd.Tests.Pretrained;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.CommandLine;

namespace LowRank.EndToEnd.Tests.FineTuning;

/// <summary>An imported model with a chat template learns the answers of conversations, and then talks.</summary>
public sealed class ConversationRunTests : IDisposable
{
    // Turns begin with a token for each role, and end with one.
    private const string Template = """
        {%- for message in messages %}
        {{- {'system': '<|s|>', 'user': '<|u|>', 'assistant': '<|a|>'}[message.role] + message.content + '<|e|>' }}
        {%- endfor %}
        {%- if add_generation_prompt %}{{- '<|a|>' }}{% endif %}
        """;

    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("lora", "--rank", "8", "--learning-rate", "0.02")]
    [InlineData("lowrank", "--ratio", "0.5", "--phase-out", "0.3", "--learning-rate", "0.01")]
    public async Task The_answers_are_learned_and_an_answer_ends_at_the_models_own_end(string method, params string[] options)
    {
        var imported = await Import(Template);
        string[] finetune = ["finetune", imported, "--method", method, .. options, "--conversations", Conversations()];
        var run = folder.Under("run");
        var preview = await App(null, [.. finetune, "--preview", "1", "--output", run]);
        Assert.True(preview.Code == 0, preview.Error);
        Assert.Contains("Example 1, line 1 of '", preview.Output, StringComparison.Ordinal);
        Assert.Contains("+     302  '<|e|>'", preview.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("+     300", preview.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run));
        var tuned = await App(null, [.. finetune, .. Steps(60), "--output", run, "--json"]);
        Assert.True(tuned.Code == 0, tuned.Error);
        Assert.Contains(": 96 conversations.", tuned.Error, StringComparison.Ordinal);
        using (var document = JsonDocument.Parse(tuned.Output))
        {
            // What users say is drawn at random: nobody could predict it to this perplexity, so only answers are measured. The head of
            // random weights that adapters leave frozen bounds how sure a model can be.
            var perplexity = document.RootElement.GetProperty("text").GetProperty("perplexityAfter").GetDouble();
            Assert.True(perplexity < (method == "lora" ? 3.5 : 1.5), $"{perplexity}");
        }

        var measured = await App(null, "evaluate", run, "--conversations", Conversations(), "--cache", folder.Under("cache"), "--json");
        Assert.True(measured.Code == 0, measured.Error);
        using (var document = JsonDocument.Parse(measured.Output))
            Assert.True(document.RootElement.GetProperty("perplexity").GetDouble() < 3.5, measured.Output);

        string[] chat = ["generate", run, "--chat", "--temperature", "0", "--tokens", "20"];
        var answered = await App(null, [.. chat, "--prompt", "hmm"]);
        Assert.True(answered.Code == 0, answered.Error);
        Assert.Equal("Yes.\n", answered.Output.ReplaceLineEndings("\n"));
        var talked = await App("one\n\ntwo\n", chat);
        Assert.True(talked.Code == 0, talked.Error);
        Assert.Equal("Yes.\nYes.\n", talked.Output.ReplaceLineEndings("\n"));
        var told = await App("one\n", [.. chat, "--system", "S", "--json"]);
        Assert.True(told.Code == 0, told.Error);
        using (var document = JsonDocument.Parse(told.Output))
        {
            Assert.Equal(
                ["system: S", "user: one", "assistant: Yes."],
                document
                    .RootElement.GetProperty("messages")
                    .EnumerateArray()
                    .Select(turn => $"{turn.GetProperty("role")}: {turn.GetProperty("content")}")
            );
        }

        // Before the second answer the model reads the end of the first one and what was said since.
        var (one, two) = (await PromptTokens(chat, "one\n"), await PromptTokens(chat, "two\n"));
        Assert.Equal(one + 1 + two, await PromptTokens(chat, "one\ntwo\n"));

        var exported = folder.Under("exported");
        Assert.Equal(0, (await App(null, "export", run, "--to", exported)).Code);
        Assert.Equal(
            File.ReadAllText(Path.Combine(folder.Under("hf"), "tokenizer_config.json")),
            File.ReadAllText(Path.Combine(exported, "tokenizer_config.json"))
        );
    }

    [Fact]
    public async Task A_run_that_is_stopped_goes_on_with_its_conversations_and_keeps_a_template_that_was_named()
    {
        var imported = await Import(template: null);
        var run = folder.Under("run");
        var path = Conversations();
        string[] finetune = ["finetune", imported, "--method", "full", "--conversations", path, .. Steps(4), "--checkpoint-every", "1"];
        var without = await App(null, [.. finetune, "--output", run]);
        Assert.Equal(ExitCode.WrongInput, without.Code);
        Assert.Contains("--chat-template", without.Error, StringComparison.Ordinal);

        File.WriteAllText(folder.Under("chat.jinja"), Template);
        string[] named = [.. finetune, "--chat-template", folder.Under("chat.jinja")];
        var whole = await App(null, [.. named, "--output", folder.Under("whole")]);
        Assert.True(whole.Code == 0, whole.Error);
        using (var stop = new CancellationTokenSource())
        {
            using var error = new StoppingWriter("step 1/4", stop);
            var code = await LowRankApp.RunAsync([.. named, "--output", run], null, TextWriter.Null, error, stop: stop.Token);
            Assert.True(code == 130, error.ToString());
        }

        var resumed = await App(null, [.. named, "--output", run, "--resume"]);
        Assert.True(resumed.Code == 0, resumed.Error);
        Assert.Equal(Weights(folder.Under("whole")), Weights(run));
        // The template went along.
        var answered = await App(null, "generate", run, "--chat", "--prompt", "hmm", "--tokens", "3");
        Assert.True(answered.Code == 0, answered.Error);

        File.AppendAllText(
            path,
            "{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}, {\"role\": \"assistant\", \"content\": \"No.\"}]}\n"
        );
        var other = await App(null, [.. named, "--output", run, "--resume"]);
        Assert.Equal(ExitCode.WrongInput, other.Code);
    }

    [Theory]
    [InlineData("--text x --conversations {chats}", "--text is about a text")]
    [InlineData("--preview 2", "--preview shows --conversations")]
    [InlineData("--chat-template x.jinja", "--chat-template is about conversations")]
    [InlineData("--conversations nowhere.jsonl", "There is no file or folder 'nowhere.jsonl'")]
    [InlineData("--conversations {chats} --chat-template nowhere.jinja", "There is no file 'nowhere.jinja'")]
    [InlineData("--conversations {broken}", "line 1 of '{broken}': the file holds no conversation: it has the keys text")]
    [InlineData(
        "--conversations {chats} --chat-template {template}",
        "line 1, column 4: the tag 'include' is unknown here, or not supported"
    )]
    public async Task Wrong_input_ends_with_code_2_and_says_what_to_do(string options, string part)
    {
        var imported = await Import(Template);
        File.WriteAllText(folder.Under("broken.jsonl"), "{\"text\": \"x\"}\n");
        File.WriteAllText(folder.Under("template.jinja"), "{% include 'x' %}");
        string Named(string text) =>
            text.Replace("{chats}", Conversations(), StringComparison.Ordinal)
                .Replace("{broken}", folder.Under("broken.jsonl"), StringComparison.Ordinal)
                .Replace("{template}", folder.Under("template.jinja"), StringComparison.Ordinal);
        var (code, output, error) = await App(
            null,
            ["finetune", imported, "--method", "full", .. options.Split(' ').Select(Named), .. Steps(1)]
        );
        Assert.Equal((ExitCode.WrongInput, ""), (code, output));
        Assert.Contains(Named(part), error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--system S", "--system is about conversations")]
    [InlineData("--chat --prompt a --prompt b", "--chat takes one --prompt")]
    [InlineData("--chat --prompts x.txt", "--chat takes one --prompt")]
    [InlineData("--chat --prompt a", "The model has no chat template")]
    [InlineData("--chat --prompt a --chat-template {template}", "the template refuses the conversation: Never.")]
    public async Task A_conversation_that_can_not_be_held_ends_with_code_2(string options, string part)
    {
        var imported = await Import(template: null);
        File.WriteAllText(folder.Under("template.jinja"), "{{ raise_exception('Never.') }}");
        var (code, output, error) = await App(
            null,
            [
                "generate",
                imported,
                .. options.Split(' ').Select(word => word.Replace("{template}", folder.Under("template.jinja"), StringComparison.Ordinal)),
            ]
        );
        Assert.Equal((ExitCode.WrongInput, ""), (code, output));
        Assert.Contains(part, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conversation_that_fills_the_context_ends_with_a_message()
    {
        var imported = await Import(Template);
        var (code, _, error) = await App(null, "generate", imported, "--chat", "--prompt", new string('x', 200));
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains("and the model reads 32 at once", error, StringComparison.Ordinal);

        // What was answered before stays.
        string[] chat = ["generate", imported, "--chat", "--tokens", "1", "--json"];
        (code, var output, _) = await App($"a\n{new string('x', 200)}\n", chat);
        Assert.Equal(ExitCode.WrongInput, code);
        using var document = JsonDocument.Parse(output);
        var roles = document.RootElement.GetProperty("messages").EnumerateArray().Select(turn => turn.GetProperty("role").GetString());
        Assert.Equal(["user", "assistant", "user"], roles);
    }

    private static async Task<long> PromptTokens(string[] chat, string said)
    {
        var (code, output, error) = await App(said, [.. chat, "--json"]);
        Assert.True(code == 0, error);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.GetProperty("promptTokens").GetInt64();
    }

    private string Conversations()
    {
        var random = new Random(3);
        var lines = Enumerable
            .Range(0, 96)
            .Select(_ => new string([.. Enumerable.Range(0, 5).Select(_ => (char)('a' + random.Next(26)))]))
            .Select(said =>
                $$"""{"messages": [{"role": "user", "content": "{{said}}"}, {"role": "assistant", "content": "Yes."}, {"role": "user", "content": "{{said[..3]}}"}, {"role": "assistant", "content": "Yes."}]}"""
            );
        File.WriteAllLines(folder.Under("chats.jsonl"), lines);
        return folder.Under("chats.jsonl");
    }

    private async Task<string> Import(string? template)
    {
        var source = SmallHuggingFaceModel.Write(folder);
        var json = JsonNode.Parse(File.ReadAllBytes(Path.Combine(source, "tokenizer.json")))!;
        foreach (var (name, id) in new[] { ("<|u|>", 300), ("<|a|>", 301), ("<|e|>", 302), ("<|s|>", 303) })
            json["added_tokens"]!
                .AsArray()
                .Add(
                    (JsonNode)
                        new JsonObject
                        {
                            ["id"] = id,
                            ["content"] = name,
                            ["special"] = true,
                        }
                );
        File.WriteAllText(Path.Combine(source, "tokenizer.json"), json.ToJsonString());
        var settings = new JsonObject { ["eos_token"] = "<|e|>", ["bos_token"] = null };
        if (template is not null)
            settings["chat_template"] = template;
        File.WriteAllText(Path.Combine(source, "tokenizer_config.json"), settings.ToJsonString());
        File.WriteAllText(Path.Combine(source, "generation_config.json"), """{"eos_token_id": [302, 299]}""");
        var imported = folder.Under("imported");
        var (code, _, error) = await App(null, "import", source, "--model", "TinyLlama", "--variant", "dense", "--to", imported);
        Assert.True(code == 0, error);
        return imported;
    }

    private string[] Steps(int steps) =>
        [
            "--steps",
            steps.ToString(CultureInfo.InvariantCulture),
            "--batch",
            "8",
            "--micro-batch",
            "8",
            "--evaluation-sequences",
            "4",
            "--final-evaluation-sequences",
            "8",
            "--cache",
            folder.Under("cache"),
        ];

    private static string Weights(string run) =>
        Convert.ToHexString(
            System.IO.Hashing.XxHash128.Hash(
                File.ReadAllBytes(
                    Directory.GetFiles(run, "model.safetensors", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last()
                )
            )
        );

    private static async Task<(int Code, string Output, string Error)> App(string? input, params string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        using var reader = input is null ? null : new StringReader(input);
        var code = await LowRankApp.RunAsync(arguments, null, output, error, reader);
        return (code, output.ToString(), error.ToString());
    }
}
