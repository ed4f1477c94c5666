using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using LowRank.EndToEnd.Tests.Mutations;
using LowRank.Training.Conversations;
using Parquet;
using Parquet.Serialization;

namespace LowRank.Training.Tests.Conversations;

/// <summary>
/// 600 damaged templates and files of conversations, tables among them, the same in every run; <c>FUZZ_CASES</c>, <c>FUZZ_SEED</c> and
/// <c>FUZZ_CASE</c> run
/// more, others, or one. Each is read or refused by an <see cref="InputException"/> that names it, soon, and without taking much memory.
/// </summary>
public sealed class ConversationFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const int CasesInEveryRun = 600;

    /// <summary>What the largest texts take that a template may make.</summary>
    private const long MostBytes = 4L << 30;

    private const string Rows = "prompt,completion,system\nu,a,S\n\"v\nw\",\"b,\"\"c\"\"\",\nx,y,\n";

    private const string Records = """
        {"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "one <|im_end|> two"}, {"role": "assistant", "content": "<think>\nt\n</think>\n\na"}, {"role": "user", "content": [{"type": "text", "text": "é😀"}]}, {"role": "assistant", "content": "b", "weight": 1}]}
        {"conversations": [{"from": "human", "value": "u"}, {"from": "gpt", "value": "a"}], "system": "S"}
        {"prompt": "Once", "completion": " upon"}
        {"instruction": "do", "input": "it", "output": "a", "history": [["u", "b"]]}
        {"messages": [{"role": "user", "content": "w"}, {"role": "assistant", "content": null, "tool_calls": [{"function": {"name": "f", "arguments": {"x": 1, "y": [1.5, null, true]}}}]}, {"role": "tool", "content": "14"}, {"role": "assistant", "content": "c"}], "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]}
        """;

    // Every construct that published templates use.
    private const string Large = """
        {%- macro args(a, sep=", ") -%}{%- for k, v in a | items %}{{ k }}={{ v | tojson }}{{ sep if not loop.last }}{% endfor -%}{%- endmacro -%}
        {%- set ns = namespace(system="", last=messages | length - 1, calls=[]) -%}
        {%- if messages[0]['role'] == 'system' -%}{%- set ns.system = messages[0].content | trim -%}{%- set messages = messages[1:] -%}{%- endif -%}
        {{- bos_token | default('') }}{{ ns.system ~ '\n' if ns.system }}
        {%- if tools is defined and tools %}{{ tools | map(attribute='function') | list | tojson(indent=2) }}{% endif %}
        {%- for message in messages[::-1] %}{%- set index = (messages | length - 1) - loop.index0 %}
        {%- if message.role == 'user' and message.content is string and not message.content.startswith('x') %}{%- set ns.last = index %}{% break %}{% endif %}{% endfor %}
        {%- for message in messages %}
            {%- if message.content is none or message.content is undefined %}{% set content = '' %}
            {%- elif message.content is string %}{% set content = message.content %}
            {%- else %}{% set content %}{% for part in message.content if part.type == 'text' %}{{ part.text }}{% endfor %}{% endset %}{% endif %}
            {%- if '</think>' in content and loop.index0 < ns.last %}{% set content = content.split('</think>')[-1].lstrip('\n') %}{% endif %}
            {{- '<|im_start|>' + message['role'] + '\n' + content }}
            {%- for call in message.tool_calls or [] %}{{ '%s(%s)' | format(call.function.name, args(call.function.arguments)) }}{% endfor %}
            {{- '<|im_end|>' }}{{ '\n' }}
        {%- endfor %}
        {%- filter upper %}{% endfilter %}
        {%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}
        """;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_damaged_file_is_read_or_refused()
    {
        string[] templates = [ChatSamples.Turns, ChatSamples.Thinking, ChatSamples.Marked, Large, Large];
        var table = Table();
        var (read, refused, longest) = (0, 0, TimeSpan.Zero);
        var complaints = new List<string>();
        var seed = Setting("FUZZ_SEED") ?? 1;
        var cases = Setting("FUZZ_CASE") is { } only ? [only] : Enumerable.Range(0, Setting("FUZZ_CASES") ?? CasesInEveryRun);
        foreach (var number in cases)
        {
            var dice = new Dice(seed, number);
            var template = Encoding.UTF8.GetBytes(dice.Of(templates));
            var records = Encoding.UTF8.GetBytes(
                dice.OneIn(4) ? $"[{Records.Replace("}\n{", "},\n{", StringComparison.Ordinal)}]" : Records
            );
            var isTemplate = !dice.OneIn(3);
            var isTable = !isTemplate && dice.OneIn(2);
            if (isTable)
                records = dice.OneIn(4) ? Encoding.UTF8.GetBytes(Rows) : table;
            for (var times = 1 + dice.Below(3); times > 0; times--)
            {
                if (isTemplate)
                    template = dice.OneIn(2) ? Shuffle(template, dice) : ByteMutations.Apply(template, dice);
                else
                    records = ByteMutations.Apply(records, dice);
            }

            var began = Stopwatch.GetTimestamp();
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var complaint = Read(template, folder.Write(Name(records, isTable), records), out var isRefused);
            var (bytes, time) = (GC.GetAllocatedBytesForCurrentThread() - allocated, Stopwatch.GetElapsedTime(began));
            complaint ??= bytes > MostBytes ? string.Create(CultureInfo.InvariantCulture, $"takes {bytes} bytes") : null;
            complaint ??= time > MostTime ? $"takes {time}" : null;
            if (complaint is not null)
                complaints.Add(string.Create(CultureInfo.InvariantCulture, $"{complaint}\nFUZZ_SEED={seed} FUZZ_CASE={number}"));
            (read, refused) = isRefused ? (read, refused + 1) : (read + 1, refused);
            longest = time > longest ? time : longest;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{read} read, {refused} refused, the longest took {longest}"));
        Assert.True(
            complaints.Count == 0,
            string.Create(CultureInfo.InvariantCulture, $"{complaints.Count} complaints:\n{string.Join('\n', complaints.Take(5))}")
        );
    }

    // By what it began with, damaged or not.
    private static string Name(byte[] records, bool isTable) =>
        isTable
            ? records.AsSpan().StartsWith("prom"u8)
                ? "a.csv"
                : "a.parquet"
            : records is [(byte)'[', ..]
                ? "a.json"
                : "a.jsonl";

    // Lists in lists, nulls, and several row groups.
    private byte[] Table()
    {
        var path = folder.Under("table.parquet");
        ParquetSerializer
            .SerializeAsync(
                Enumerable
                    .Range(0, 5)
                    .Select(index => new Row
                    {
                        Prompt = index == 3 ? null : [new Said { Role = "user", Content = "u" }, new Said { Role = "tool" }],
                        Completion = [new Said { Role = "assistant", Content = $"a{index}" }],
                        Tags =
                        [
                            [index],
                            [],
                        ],
                    }),
                path,
                new ParquetOptions { RowGroupSize = 2 }
            )
            .GetAwaiter()
            .GetResult();
        return File.ReadAllBytes(path);
    }

    // Words and signs change places, so that more of it is a template still.
    private static byte[] Shuffle(byte[] template, Dice dice)
    {
        var parts = Encoding.UTF8.GetString(template).Split(' ');
        var (left, right) = (dice.Below(parts.Length), dice.Below(parts.Length));
        if (dice.OneIn(3))
            parts[left] = parts[right];
        else
            (parts[left], parts[right]) = (parts[right], parts[left]);
        return Encoding.UTF8.GetBytes(string.Join(' ', parts));
    }

    private string? Read(byte[] template, string records, out bool isRefused)
    {
        isRefused = true;
        var path = folder.Write("template.jinja", template);
        try
        {
            var model = ChatSamples.Model(null, new ConversationOptions { ChatTemplate = path });
            var files = model.Read([records], TestContext.Current.CancellationToken);
            var wrong = files
                .ReadExamples(TestContext.Current.CancellationToken)
                .Any(example =>
                    example.Ids.Count != example.Counts.Count || example.Ids.Any(id => id < 0 || id >= model.Tokenizer.VocabularySize)
                );
            isRefused = false;
            return wrong ? "gives an impossible example" : null;
        }
        catch (InputException exception)
        {
            return
                exception.Message.Contains(path, StringComparison.Ordinal) || exception.Message.Contains(records, StringComparison.Ordinal)
                ? null
                : $"is not named: {exception.Message}";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return exception.ToString();
        }
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;

    private sealed class Row
    {
        [JsonPropertyName("prompt")]
        public List<Said>? Prompt { get; set; }

        [JsonPropertyName("completion")]
        public List<Said>? Completion { get; set; }

        [JsonPropertyName("history")]
        public List<List<int>>? Tags { get; set; }
    }

    private sealed class Said
    {
        [JsonPropertyName("role")]
        public string? Role { get; set; }

        [JsonPropertyName("content")]
        public string? Content { get; set; }
    }
}
