using System.Text.Json.Serialization;
using LowRank.Training.Conversations;
using LowRank.Training.Documents;
using Parquet;
using Parquet.Schema;
using Parquet.Serialization;

namespace LowRank.Training.Tests.Conversations;

/// <summary>Conversations in the rows of tables.</summary>
public sealed class ConversationTableTests : IDisposable
{
    private const string Answered = "«<|im_start|>»user↵u«<|im_end|>»↵«<|im_start|>»assistant↵[a«<|im_end|>»]↵";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("prompt,completion\nu,a\n")]
    [InlineData("id,completion,prompt\r\n1,a,\"u\"\r\n")]
    [InlineData("instruction,input,output\nu,,a\n")]
    [InlineData("output,instruction\na,u\n")]
    [InlineData("system,instruction,input,output\n,u,,a\n")]
    public void A_row_of_plain_columns_is_a_turn_and_its_answer(string text) =>
        Assert.Equal([Answered], Shown(folder.Write("a.csv", text)));

    [Fact]
    public void Fields_in_quotes_hold_lines_and_signs_and_broken_rows_are_counted()
    {
        var path = folder.Write("a.csv", "prompt,completion\n\"é \"\"x\"\"\n\\y\",a\none,two,three\nu,\n");
        var files = Files(path);
        Assert.Equal(
            ["«<|im_start|>»user↵é \"x\"↵\\y«<|im_end|>»↵«<|im_start|>»assistant↵[a«<|im_end|>»]↵"],
            files.ReadExamples(TestContext.Current.CancellationToken).Select(ChatSamples.Shown)
        );
        Assert.Contains(
            "1 conversation; passed over: 1 broken, 1 without an answer, of which the first: ",
            files.Description,
            StringComparison.Ordinal
        );
        Assert.Contains($"the record at line 5 of '{path}' has no answer", files.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "the record at line 2 of 'PATH': the file holds no conversation: it has the keys a, b, and needs messages")]
    [InlineData("prompt,prompt,completion\n1,2,3\n", "The header of 'PATH' has the column \"prompt\" twice")]
    [InlineData("messages\nx\n", "the record at line 2 of 'PATH': messages must be an array")]
    public void A_table_of_something_else_is_refused(string text, string part)
    {
        var path = folder.Write("a.csv", text);
        var refused = Assert.Throws<UnusableTextException>(() => Shown(path));
        Assert.Contains(part.Replace("PATH", path, StringComparison.Ordinal), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_of_a_Parquet_file_hold_lists_of_messages()
    {
        var path = folder.Under("a.parquet");
        Chat[] chats =
        [
            new() { Messages = [new("user", "u"), new("assistant", "a")], Source = "x" },
            new() { Messages = [], Source = null },
            new() { Messages = null, Source = "y" },
            new()
            {
                Messages =
                [
                    new("system", "é"),
                    new("user", "v"),
                    new("assistant", "b") { Weight = 0 },
                    new("user", null),
                    new("assistant", "c"),
                ],
            },
            new() { Messages = [new("user", "u"), new("assistant", "a")] },
        ];
        await ParquetSerializer.SerializeAsync(chats, path, new ParquetOptions { RowGroupSize = 3 });
        var files = Files(path);
        Assert.Equal([Answered, Answered], files.ReadExamples(TestContext.Current.CancellationToken).Select(ChatSamples.Shown));
        // The third has no messages, the fourth a turn without text.
        Assert.Contains("passed over: 2 broken, 1 without an answer, of which the first: ", files.Description, StringComparison.Ordinal);
        chats[3].Messages![3].Content = "w";
        await ParquetSerializer.SerializeAsync(chats, path, new ParquetOptions { RowGroupSize = 3 });
        Assert.Contains(
            "«<|im_start|>»system↵é«<|im_end|>»↵«<|im_start|>»user↵v«<|im_end|>»↵«<|im_start|>»assistant↵b«<|im_end|>»↵«<|im_start|>»user↵w«<|im_end|>»↵«<|im_start|>»assistant↵[c«<|im_end|>»]↵",
            Shown(path)
        );
    }

    [Fact]
    public async Task Values_of_every_kind_are_those_of_their_JSON()
    {
        var path = folder.Under("a.parquet");
        var rows = new[]
        {
            new Called
            {
                Messages =
                [
                    new()
                    {
                        Role = "assistant",
                        Content = [new() { Type = "text", Text = "t" }, new() { Type = "text", Text = "u" }],
                        Calls =
                        [
                            new()
                            {
                                Name = "f",
                                Arguments = new() { ["x"] = "1", ["y"] = null },
                            },
                        ],
                        Numbers =
                        [
                            [1, 2],
                            [],
                            [3],
                        ],
                        Certain = true,
                        Share = 0.5,
                    },
                    new() { Role = "user", Content = [] },
                ],
            },
        };
        await ParquetSerializer.SerializeAsync(rows, path);
        using var file = File.OpenRead(path);
        var record = Assert.Single(ParquetTable.ReadRecords(file, new RecordReading(path) { Members = ["messages"] }));
        Assert.Equal(
            """{"messages":[{"role":"assistant","content":[{"type":"text","text":"t"},{"type":"text","text":"u"}],"calls":[{"name":"f","arguments":{"x":"1","y":null}}],"numbers":[[1,2],[],[3]],"certain":true,"share":0.5},{"role":"user","content":[]}]}""",
            System.Text.Encoding.UTF8.GetString(record.Text)
        );
    }

    [Fact]
    public async Task A_Parquet_file_of_plain_columns_is_read_and_one_of_other_columns_refused_by_their_names()
    {
        var path = folder.Under("a.parquet");
        var schema = new ParquetSchema(
            new DataField<int>("id"),
            new DataField("prompt", typeof(byte[]), isNullable: true),
            new DataField("completion", typeof(string), isNullable: false)
        );
        await Write([.. "u"u8]);
        Assert.Equal([Answered], Shown(path));
        await Write([.. "u"u8], [0xE9]);
        var files = Files(path);
        Assert.Equal([Answered], files.ReadExamples(TestContext.Current.CancellationToken).Select(ChatSamples.Shown));
        Assert.Contains($"1 broken, of which the first: Row 2 of '{path}' is not UTF-8", files.Description, StringComparison.Ordinal);

        await ParquetSerializer.SerializeAsync([new Message("r", "c")], path);
        var refused = Assert.Throws<UnusableTextException>(() => Shown(path));
        Assert.StartsWith(
            $"row 1 of '{path}': the file holds no conversation: it has the keys role, content, weight, and needs messages",
            refused.Message,
            StringComparison.Ordinal
        );

        async Task Write(params byte[][] prompts)
        {
            using var stream = File.Create(path);
            await using var writer = await ParquetWriter.CreateAsync(schema, stream);
            using var rows = writer.CreateRowGroup();
            var fields = schema.DataFields;
            await rows.WriteAsync<int>(fields[0], prompts.Select(_ => 1).ToArray());
            await rows.WriteAsync(fields[1], prompts);
            await rows.WriteAsync(fields[2], prompts.Select(_ => "a").ToArray());
        }
    }

    private static List<string> Shown(string path) =>
        [.. Files(path).ReadExamples(TestContext.Current.CancellationToken).Select(ChatSamples.Shown)];

    private static ConversationFiles Files(string path) =>
        ChatSamples.Model(ChatSamples.Turns).Read([path], TestContext.Current.CancellationToken);

    private sealed class Chat
    {
        [JsonPropertyName("messages")]
        public List<Message>? Messages { get; set; }

        [JsonPropertyName("source")]
        public string? Source { get; set; }
    }

    private sealed class Message(string role, string? content)
    {
        public Message()
            : this("", null) { }

        [JsonPropertyName("role")]
        public string Role { get; set; } = role;

        [JsonPropertyName("content")]
        public string? Content { get; set; } = content;

        [JsonPropertyName("weight")]
        public int? Weight { get; set; }
    }

    private sealed class Called
    {
        [JsonPropertyName("messages")]
        public List<Turned>? Messages { get; set; }
    }

    private sealed class Turned
    {
        [JsonPropertyName("role")]
        public string? Role { get; set; }

        [JsonPropertyName("content")]
        public List<Part>? Content { get; set; }

        [JsonPropertyName("calls")]
        public List<Call>? Calls { get; set; }

        [JsonPropertyName("numbers")]
        public List<List<int>>? Numbers { get; set; }

        [JsonPropertyName("certain")]
        public bool? Certain { get; set; }

        [JsonPropertyName("share")]
        public double? Share { get; set; }
    }

    private sealed class Part
    {
        [JsonPropertyName("type")]
        public string? Type { get; set; }

        [JsonPropertyName("text")]
        public string? Text { get; set; }
    }

    private sealed class Call
    {
        [JsonPropertyName("name")]
        public string? Name { get; set; }

        [JsonPropertyName("arguments")]
        public Dictionary<string, string?>? Arguments { get; set; }
    }
}
