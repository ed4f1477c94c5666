using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LowRank.EndToEnd.Tests.Mutations;
using LowRank.Training.Tests.Tokenization.Published;
using LowRank.Training.Tests.Tokenization.SentencePiece;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Tests.Tokenization;

/// <summary>
/// Damaged tokenizers, the same in every run; <c>FUZZ_CASES</c>, <c>FUZZ_SEED</c> and <c>FUZZ_CASE</c> run more, others, or one. Each is
/// refused by an <see cref="InputException"/>, or encodes and decodes, soon and without taking much memory.
/// </summary>
public sealed class TokenizerFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const int CasesInEveryRun = 800;

    /// <summary>Files of some kilobytes; an id may be of some millions, for which there are tables.</summary>
    private const long MostBytes = 512L << 20;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_damaged_tokenizer_is_used_or_refused()
    {
        var files = Files();
        List<JsonNode> steps = [.. files.Where(file => IsJson(file.Name)).SelectMany(file => TokenizerMutations.StepsOf(file.Content))];
        var seed = Setting("FUZZ_SEED") ?? 1;
        var (used, refused) = (0, 0);
        var complaints = new List<string>();
        var cases = Setting("FUZZ_CASE") is { } only ? [only] : Enumerable.Range(0, Setting("FUZZ_CASES") ?? CasesInEveryRun);
        foreach (var number in cases)
        {
            var dice = new Dice(seed, number);
            var (name, content) = dice.Of(files);
            var path = folder.Write(
                name.EndsWith(".model", StringComparison.Ordinal) ? "t.model" : "t.json",
                Damage(name, content, steps, dice)
            );
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var began = Stopwatch.GetTimestamp();
            string? complaint = null;
            try
            {
                Use(path);
                used++;
            }
            catch (InputException exception)
            {
                refused++;
                complaint =
                    exception.Message.Contains("t.", StringComparison.Ordinal)
                    || exception.Message.StartsWith("The tokenizer", StringComparison.Ordinal)
                        ? null
                        : $"doesn't say where: {exception.Message}";
            }
            catch (Exception exception)
            {
                complaint = $"throws {exception}";
            }

            var (bytes, time) = (GC.GetAllocatedBytesForCurrentThread() - allocated, Stopwatch.GetElapsedTime(began));
            complaint ??= bytes > MostBytes ? string.Create(CultureInfo.InvariantCulture, $"takes {bytes} bytes") : null;
            complaint ??= time > MostTime ? $"takes {time}" : null;
            if (complaint is not null)
                complaints.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {complaint}\nFUZZ_SEED={seed} FUZZ_CASE={number}"));
        }

        output.WriteLine($"{used} used, {refused} refused");
        Assert.True(complaints.Count == 0, string.Join("\n\n", complaints.Take(10)));
    }

    private static void Use(string path)
    {
        var tokenizer = Tokenizer.Load(path);
        foreach (var text in (string[])["", "the world, hello 123!", " ▁▁ a\u0301 你好 😀 <tool> end", new string('a', 3000)])
        {
            var ids = tokenizer.Encode(text, specialTokens: true);
            Assert.All(ids, id => Assert.InRange(id, 0, tokenizer.VocabularySize - 1));
            var decoded = Encoding.UTF8.GetString(tokenizer.Decode(ids));
            var stream = new TokenDecoder(tokenizer);
            Assert.Equal(decoded, string.Concat(ids.Select(stream.Append)) + stream.Flush());
        }
    }

    // Half of what happens to JSON is about its structure.
    private static byte[] Damage(string name, byte[] content, IReadOnlyList<JsonNode> steps, Dice dice)
    {
        for (var left = dice.OneIn(3) ? 3 : 1; left > 0; left--)
            content = (IsJson(name) ? dice.Below(4) : 0) switch
            {
                0 => ByteMutations.Apply(content, dice),
                1 => Exchange(content, dice),
                _ => TokenizerMutations.Apply(content, steps, dice),
            };
        return content;
    }

    private static bool IsJson(string name) => name.EndsWith(".json", StringComparison.Ordinal);

    // A value in the place of another, which keeps the file JSON most times.
    private static byte[] Exchange(byte[] content, Dice dice)
    {
        var values = Encoding.UTF8.GetString(content);
        int[] colons = [.. Enumerable.Range(0, values.Length).Where(place => IsBeforeScalar(values, place))];
        if (colons.Length == 0)
            return content;
        var place = dice.Of(colons) + 1;
        var end = values.IndexOfAny([',', '}', ']'], place);
        if (end < 0)
            return content;
        var value = dice.Of(
            new[]
            {
                "null",
                "true",
                "false",
                "0",
                "-1",
                "3.5",
                "4194303",
                "1e99",
                "\"\"",
                "\"a\"",
                "[]",
                "{}",
                "\"<unk>\"",
                "\"BPE\"",
                "\"Unigram\"",
                "\"(a+)+b\"",
                "\"Sequence\"",
                "[[\"a\",1]]",
                "{\"Regex\":\"(?:a|aa)+$\"}",
                "{\"String\":\"\"}",
            }
        );
        return Encoding.UTF8.GetBytes(string.Concat(values.AsSpan(0, place), value, values.AsSpan(end)));
    }

    private static bool IsBeforeScalar(string values, int place) =>
        place > 0
        && values[place] == ':'
        && place + 1 < values.Length
        && values.AsSpan(place + 1).TrimStart() is [not ('{' or '['), ..]
        && values[place - 1] == '"';

    private List<(string Name, byte[] Content)> Files()
    {
        var path = folder.Under("sample.json");
        Samples.Tokenizer.Save(path);
        List<(string, byte[])> files = [("bytes.json", File.ReadAllBytes(path))];
        files.AddRange(MadeTokenizers.All.Select(made => ($"{made.Key}.json", Encoding.UTF8.GetBytes(made.Value().ToJsonString()))));
        for (var copy = 0; copy < 12; copy++)
        {
            files.Add(("pairs.model", SentencePieceFile.Small(bytePairs: true)));
            files.Add(("unigram.model", SentencePieceFile.Small(bytePairs: false, extraSpaces: true)));
        }

        return files;
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;
}
