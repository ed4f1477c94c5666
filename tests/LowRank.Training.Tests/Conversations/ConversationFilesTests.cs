using System.IO.Compression;
using System.Text;
using LowRank.Training.Conversations;

namespace LowRank.Training.Tests.Conversations;

/// <summary>Files of conversations become examples whose answers count.</summary>
public sealed class ConversationFilesTests : IDisposable
{
    private const string Hello =
        """{"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "u"}, {"role": "assistant", "content": "a"}]}""";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Hello, "«<|im_start|>»system↵S«<|im_end|>»↵«<|im_start|>»user↵u«<|im_end|>»↵«<|im_start|>»assistant↵[a«<|im_end|>»]↵")]
    [InlineData(
        """{"conversations": [{"from": "human", "value": "u"}, {"from": "gpt", "value": "a"}], "system": "S"}""",
        "«<|im_start|>»system↵S«<|im_end|>»↵«<|im_start|>»user↵u«<|im_end|>»↵«<|im_start|>»assistant↵[a«<|im_end|>»]↵"
    )]
    [InlineData("""{"prompt": "u", "completion": "a"}""", "«<|im_start|>»user↵u«<|im_end|>»↵«<|im_start|>»assistant↵[a«<|im_end|>»]↵")]
    [InlineData(
        """{"prompt": [{"role": "user", "content": "u"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "v"}], "completion": [{"role": "assistant", "content": "a"}]}""",
        "«<|im_start|>»user↵u«<|im_end|>»↵«<|im_start|>»assistant↵b«<|im_end|>»↵«<|im_start|>»user↵v«<|im_end|>»↵«<|im_start|>»assistant↵[a«<|im_end|>»]↵"
    )]
    [InlineData(
        """{"instruction": "do", "input": "it", "output": "a"}""",
        "«<|im_start|>»user↵do↵↵it«<|im_end|>»↵«<|im_start|>»assistant↵[a«<|im_end|>»]↵"
    )]
    [InlineData(
        """{"instruction": "do", "output": "a", "history": [["u", "b"]]}""",
        "«<|im_start|>»user↵u«<|im_end|>»↵«<|im_start|>»assistant↵[b«<|im_end|>»]↵«<|im_start|>»user↵do«<|im_end|>»↵«<|im_start|>»assistant↵[a«<|im_end|>»]↵"
    )]
    [InlineData(
        """{"messages": [{"role": "user", "content": [{"type": "text", "text": "u"}, {"type": "text", "text": "v"}]}, {"role": "assistant", "content": "b", "weight": 0}, {"role": "user", "content": "w"}, {"role": "assistant", "content": "a"}, {"role": "user", "content": "bye"}]}""",
        "«<|im_start|>»user↵uv«<|im_end|>»↵«<|im_start|>»assistant↵b«<|im_end|>»↵«<|im_start|>»user↵w«<|im_end|>»↵«<|im_start|>»assistant↵[a«<|im_end|>»]↵"
    )]
    public void Every_kind_of_record_is_known_by_its_keys(string record, string shown)
    {
        var files = Files(ChatSamples.Turns, folder.Write("a.jsonl", record + "\n"));
        Assert.Equal([shown], files.ReadExamples(TestContext.Current.CancellationToken).Select(ChatSamples.Shown));
        Assert.EndsWith(": 1 conversation", files.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_template_prompts_and_instructions_have_a_plain_form()
    {
        var path = folder.Write(
            "a.jsonl",
            """
            {"prompt": "Once", "completion": " upon"}
            {"instruction": "do", "input": "it", "output": "a"}
            {"instruction": "do", "output": "a"}
            """
        );
        Assert.Equal(
            [
                "Once[ upon«<|endoftext|>»]",
                "### Instruction:↵do↵↵### Input:↵it↵↵### Response:↵[a«<|endoftext|>»]",
                "### Instruction:↵do↵↵### Response:↵[a«<|endoftext|>»]",
            ],
            Files(null, path).ReadExamples(TestContext.Current.CancellationToken).Select(ChatSamples.Shown)
        );
        var refused = Assert.Throws<InputException>(() =>
            Files(null, folder.Write("b.jsonl", Hello)).ReadExamples(TestContext.Current.CancellationToken).Count()
        );
        Assert.Contains("name one with ChatTemplate", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arrays_and_compressed_files_and_folders_are_read()
    {
        folder.Write("in/a.json", $"[{Hello},\n {Hello}]");
        using (var stream = new GZipStream(File.Create(folder.Under("in/b.jsonl.gz")), CompressionLevel.Fastest))
            stream.Write(Encoding.UTF8.GetBytes(Hello));
        folder.Write("in/c.txt", "no conversation");
        var files = Files(ChatSamples.Turns, folder.Under("in"));
        Assert.Equal(3, files.ReadExamples(TestContext.Current.CancellationToken).Count());
        Assert.Equal(["no records"], files.Skipped.Select(file => file.Reason));
    }

    [Fact]
    public void What_can_not_be_learned_from_is_counted_with_its_reason_and_the_first_place()
    {
        var files = Files(
            "{% if messages[0].content == 'no' %}{{ raise_exception('Never.') }}{% endif %}" + ChatSamples.Turns,
            folder.Write(
                "a.jsonl",
                $$"""
                {{Hello}}
                {"messages": [{"role": "user", "content": "u"}]}
                {"messages": [{"role": "judge", "content": "u"}, {"role": "assistant", "content": "a"}]}
                {"messages": [{"role": "user", "content": [{"type": "image", "url": "x"}]}, {"role": "assistant", "content": "a"}]}
                {"text": "no conversation"}
                {"messages": "none"}
                not JSON
                {"messages": [{"role": "user", "content": "no"}, {"role": "assistant", "content": "a"}]}
                """
            )
        );
        Assert.Single(files.ReadExamples(TestContext.Current.CancellationToken));
        Assert.Contains(
            ": 1 conversation; passed over: 3 broken, 1 that the template refuses, 1 with an unknown role, 1 with parts that are no text, 1 without an answer, of which the first: line 2 of '",
            files.Description,
            StringComparison.Ordinal
        );
        Assert.EndsWith("has no answer that a model could learn", files.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"text": "x", "id": 1}""", "holds no conversation: it has the keys text, id, and needs messages, conversations")]
    [InlineData("""{"messages": [{"role": 1}]}""", "messages[0].role must be a text, not 1")]
    [InlineData("""{"messages": [{"role": "user"}]}""", "messages[0].content is missing")]
    [InlineData("""{"messages": [{"role": "user", "content": "x", "content": "y"}]}""", "not JSON")]
    [InlineData("""{"prompt": 1, "completion": "y"}""", "prompt must be a text or an array of messages, not 1")]
    [InlineData("""{"messages": [{"role": "assistant", "content": "x", "weight": 2}]}""", "weight must be a whole number from 0 to 1")]
    [InlineData("""{"conversations": [{"from": "human", "value": 3}]}""", "conversations[0].value must be a text")]
    [InlineData("[1]", "the file must be an object")]
    [InlineData("{", "not JSON")]
    public void A_file_that_begins_with_no_conversation_is_refused_with_line_and_key(string record, string part)
    {
        var path = folder.Write("a.jsonl", record);
        var refused = Assert.Throws<LowRank.Training.Documents.UnusableTextException>(() =>
            Files(ChatSamples.Turns, path).ReadExamples(TestContext.Current.CancellationToken).Count()
        );
        Assert.StartsWith($"line 1 of '{path}': ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_kind_of_file_is_refused()
    {
        var refused = Assert.Throws<InputException>(() => Files(ChatSamples.Turns, folder.Write("a.txt", "text\nx")));
        Assert.Contains("is no file of conversations", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_decides_the_examples_is_in_the_identity()
    {
        var path = folder.Write("a.jsonl", Hello);
        var one = Files(ChatSamples.Turns, path).Identity;
        Assert.Equal(one, Files(ChatSamples.Turns, path).Identity);
        Assert.NotEqual(one, Files(ChatSamples.Thinking, path).Identity);
        Assert.NotEqual(one, Files(null, path).Identity);
        var trusted = ChatSamples.Model(ChatSamples.Turns, new ConversationOptions { TrustSpecialTokens = true });
        Assert.NotEqual(one, trusted.Read([path], TestContext.Current.CancellationToken).Identity);
        folder.Write("a.jsonl", Hello + "\n");
        Assert.NotEqual(one, Files(ChatSamples.Turns, path).Identity);
    }

    private static ConversationFiles Files(string? template, string path) =>
        ChatSamples.Model(template).Read([path], TestContext.Current.CancellationToken);
}
