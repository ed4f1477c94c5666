using System.Text.Json;
using Json.Schema;
using LowRank.Costs;
using LowRank.Training.CommandLine;
using LowRank.Training.Tests.Runs;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>The document of <c>describe</c> is what docs/describe.schema.json says.</summary>
public sealed class DescriptionSchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(File.ReadAllText(WrittenTable.PathOf("describe.schema.json")));

    private static readonly ModelCost Full = PaperModel.Entry.Cost with
    {
        Factors =
        [
            new(46, Activation.Silu, false, Initialization.Gaussian, 0, 0, 0.01, 0),
            new(2, null, true, Initialization.Orthogonal, 500, 1, 0, 1),
        ],
        Adapters = new(2, 3, 0, 5, 7, 11, 13),
        Budget = [new("Parameters", 3, 2), new("TrainingFlops", 2e20m, 3e20m)],
        Memory = Working(new(10, 0, 20, 30, 0, 64, 40, 0)),
        Run = PaperModel.Entry.Cost.Run! with { Optimizer = OptimizerKind.Muon, LearningRate = 6e-4 },
        Sublayers =
        [
            .. PaperModel.Entry.Cost.Sublayers.Select(part =>
                part with
                {
                    Weights = [new("Up", 2_048, 8_192, 1_024)],
                    Activations = new(4, 3, 2, 1),
                }
            ),
        ],
    };

    private static string[] Wires =>
        ["--bandwidth", "400Gbit/s", "--latency", "5us", "--ranks-per-node", "2", "--node-bandwidth", "450GB/s"];

    public DescriptionSchemaTests()
    {
        ModelCatalog.Register(PaperModel.Entry);
        ModelCatalog.Register(PaperModel.WithoutRun);
        ModelCatalog.Register(PaperModel.WithFactorOptions);
        ModelCatalog.Register(
            PaperModel.Entry with
            {
                Name = "Everything",
                FullName = "Tests.Everything",
                Cost = Full,
                Dense = PaperModel.Entry.Dense! with
                {
                    Cost = PaperModel.Entry.Dense!.Cost with
                    {
                        Sublayers =
                        [
                            .. PaperModel.Entry.Dense!.Cost.Sublayers.Select(part => part with { Weights = [new("Up", 2_048, 4_096, 0)] }),
                        ],
                    },
                },
                FlopMatched = new ModelEntry(
                    "Everything.FlopMatched",
                    "Tests.Everything.FlopMatched",
                    "",
                    Full with
                    {
                        Parameters = 984_439_808,
                        ForwardFlopsPerToken = 2_169_503_743,
                        Guides = [],
                    },
                    _ => throw new NotSupportedException()
                ),
            }
        );
        ModelCatalog.Register(
            PaperModel.Entry with
            {
                Name = "Nothing",
                FullName = "Tests.Nothing",
                Dense = null,
                Cost = new ModelCost("Nothing", 16, 0, 0, 0, [], [], null),
            }
        );
    }

    [Theory]
    [InlineData("PaperXl")]
    [InlineData("NoRun")]
    [InlineData("FactorOptions")]
    [InlineData("Everything", "adamw", "galore")]
    [InlineData("Nothing", "adamw", "muon")]
    public async Task Every_document_is_what_the_schema_says(string model, params string[] optimizers)
    {
        string[] device = ["--flops-per-second", "989e12", "--tokens", "1000000000", "--memory", "24GiB"];
        string[][] ranks =
        [
            .. optimizers.SelectMany(optimizer =>
                new string[][]
                {
                    ["--ranks", "4", "--optimizer", optimizer],
                    [.. device, "--ranks", "4", "--optimizer", optimizer, .. Wires],
                }
            ),
        ];
        foreach (var options in new string[][] { [], device }.Concat(ranks))
        {
            var (code, output, error) = await App.Run(["describe", model, "--json", .. options]);
            Assert.Equal((0, ""), (code, error));
            using var document = JsonDocument.Parse(output);
            var result = Schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
            Assert.True(
                result.IsValid,
                string.Join(
                    '\n',
                    (result.Details ?? [])
                        .Where(detail => !detail.IsValid)
                        .Select(detail => $"{detail.InstanceLocation}: {string.Join("; ", detail.Errors?.Values.AsEnumerable() ?? [])}")
                )
            );
        }
    }

    [Fact]
    public async Task No_key_has_two_types()
    {
        // What is a number in one model is one in all, null aside: by the path of the key.
        var kinds = new Dictionary<string, HashSet<JsonValueKind>>(StringComparer.Ordinal);
        foreach (var model in new[] { "PaperXl", "NoRun", "FactorOptions", "Everything", "Nothing" })
        {
            string[] ranks = model is "Everything" or "Nothing" ? ["--ranks", "2", .. Wires] : [];
            var (_, output, _) = await App.Run(["describe", model, "--json", "--flops-per-second", "1e15", "--tokens", "1000", .. ranks]);
            using var document = JsonDocument.Parse(output);
            Collect("", document.RootElement, kinds);
        }

        Assert.Equal([JsonValueKind.Number], kinds["/trainingFlops/paper/guided"]);
        Assert.DoesNotContain(kinds, pair => pair.Value.Count > 1);
    }

    [Fact]
    public async Task A_device_gives_hours_and_its_memory_a_micro_batch()
    {
        var (_, output, _) = await App.Run([
            "describe",
            "Everything",
            "--json",
            "--flops-per-second",
            "1e15",
            "--utilization",
            "0.5",
            "--memory",
            "32GiB",
        ]);
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        // 2.1024e20 FLOPs at 5e14 a second.
        Assert.Equal(
            210_244_617_288_315_568_128d / 5e14 / 3_600,
            root.GetProperty("time").GetProperty("hours").GetProperty("dense").GetDouble(),
            1e-9
        );
        var matched = root.GetProperty("flopMatched");
        Assert.Equal(
            (984_439_808L, 2_169_503_743L),
            (matched.GetProperty("parameters").GetInt64(), matched.GetProperty("forwardFlopsPerToken").GetInt64())
        );
        Assert.True(root.GetProperty("time").GetProperty("hours").GetProperty("flopMatched").GetDouble() > 0);
        var batch = Assert.Single(root.GetProperty("microBatches").EnumerateArray());
        var sequences = batch.GetProperty("sequencesFp32").GetInt32();
        Assert.True(sequences > 0);
        Assert.True(Peak(sequences) <= 32m * (1L << 30) && Peak(sequences + 1) > 32m * (1L << 30), $"{sequences} sequences");

        // Written out: the state with guides, 10 + max(20, 40) bytes a token beside it, or the logits of a chunk.
        static decimal Peak(int sequences)
        {
            var tokens = 1_024m * sequences;
            return 16 * 984_731_648m + 20 * 771_751_936m + 10 * tokens + Math.Max(20 * tokens + 30 * Math.Min(tokens, 64), 40 * tokens);
        }
    }

    [Theory]
    [InlineData("NoRun", "NoRun declares no training run, so say how many tokens: --tokens N.", "--flops-per-second", "1e15")]
    [InlineData("PaperXl", "--utilization is for an estimate of time; say the device's --flops-per-second too.", "--utilization", "0.3")]
    [InlineData("PaperXl", "--tokens is for an estimate of time; say the device's --flops-per-second too.", "--tokens", "5")]
    public async Task What_is_missing_for_an_estimate_is_said(string model, string message, params string[] options)
    {
        var (code, _, error) = await App.Run(["describe", model, .. options]);
        Assert.Equal((ExitCode.WrongInput, message), (code, error.TrimEnd()));
    }

    [Fact]
    public async Task The_tables_tell_shapes_shares_activations_time_memory_and_what_is_over()
    {
        var (code, output, error) = await App.Run(["describe", "Everything", "--flops-per-second", "1e15", "--memory", "32GiB"]);
        Assert.Equal((0, ""), (code, error));
        Assert.All(
            [
                "FLOP-matched dense",
                "984,439,808",
                "2,169,503,743",
                "flop-matched",
                "2048→8192 by rank 1024",
                "146.00",
                "32.0 GiB",
                "4 B",
                "OVER",
                "2.00e20",
                "kept",
            ],
            text => Assert.Contains(text, output, StringComparison.Ordinal)
        );
    }

    private static void Collect(string path, JsonElement element, Dictionary<string, HashSet<JsonValueKind>> kinds)
    {
        var kind = element.ValueKind == JsonValueKind.False ? JsonValueKind.True : element.ValueKind;
        if (kind != JsonValueKind.Null)
            (kinds.TryGetValue(path, out var known) ? known : kinds[path] = []).Add(kind);
        if (kind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
                Collect($"{path}/{member.Name}", member.Value, kinds);
        }
        else if (kind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                Collect(path + "/*", item, kinds);
        }
    }

    private static MemoryCost Working(WorkingMemory memory) => new(new(memory, memory), new(memory, memory), 8);
}
