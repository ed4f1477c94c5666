using System.CommandLine;
using System.Text.Json;
using LowRank.Costs;
using LowRank.Training.CommandLine;
using LowRank.Training.CommandLine.Commands;
using LowRank.Training.Scaling;

namespace LowRank.Training.Tests.CommandLine;

/// <summary><c>describe MODEL --ranks N</c> over accounting written by hand.</summary>
public sealed class RankOptionTests
{
    private static readonly ModelEntry OneMatrix = new(
        "OneMatrix",
        "Tests.OneMatrix",
        "",
        new ModelCost(
            "OneMatrix",
            10,
            1_000,
            2_000,
            0,
            [new("FeedForward", "feed-forward", 0, 1, 0, 1_000, 0, 2_000, 0, 2_000, 0) { Weights = [new("Up", 20, 50, 0)] }],
            [],
            new(4_000, 16, 4)
        ),
        _ => throw new NotSupportedException()
    );

    public RankOptionTests()
    {
        ModelCatalog.Register(PaperModel.Entry);
        ModelCatalog.Register(OneMatrix);
    }

    [Theory]
    [InlineData("--ranks takes a whole number from 1 to 2147483647, not '0'.", "--ranks", "0")]
    [InlineData("--ranks takes a whole number from 1 to 2147483647, not '2.5'.", "--ranks", "2.5")]
    [InlineData(
        "--bandwidth takes a rate with its unit, such as 25GB/s (bytes) or 200Gbit/s (bits), from 1 byte to 1e18 bytes a second, not '0GB/s'.",
        "--ranks",
        "2",
        "--bandwidth",
        "0GB/s"
    )]
    [InlineData(
        "--bandwidth takes a rate with its unit, such as 25GB/s (bytes) or 200Gbit/s (bits), from 1 byte to 1e18 bytes a second, not '25'.",
        "--ranks",
        "2",
        "--bandwidth",
        "25"
    )]
    [InlineData(
        "--bandwidth takes a rate with its unit, such as 25GB/s (bytes) or 200Gbit/s (bits), from 1 byte to 1e18 bytes a second, not '25Gb/s'.",
        "--ranks",
        "2",
        "--bandwidth",
        "25Gb/s"
    )]
    [InlineData(
        "--bandwidth takes a rate with its unit, such as 25GB/s (bytes) or 200Gbit/s (bits), from 1 byte to 1e18 bytes a second, not '-1GB/s'.",
        "--ranks",
        "2",
        "--bandwidth=-1GB/s"
    )]
    [InlineData(
        "--latency takes a time with its unit, such as 5us or 0.02ms, from 0s to 3600s, not '5'.",
        "--ranks",
        "2",
        "--bandwidth",
        "1GB/s",
        "--latency",
        "5"
    )]
    [InlineData("--bandwidth is for a training on several ranks; say how many: --ranks N.", "--bandwidth", "1GB/s")]
    [InlineData("--batch is for a training on several ranks; say how many: --ranks N.", "--batch", "4")]
    [InlineData("--latency is for the time on the wire; say what a rank sends, too: --bandwidth RATE.", "--ranks", "2", "--latency", "5us")]
    [InlineData(
        "--node-bandwidth is for machines of several ranks; say --ranks-per-node N, too.",
        "--ranks",
        "2",
        "--bandwidth",
        "1GB/s",
        "--node-bandwidth",
        "1GB/s"
    )]
    [InlineData(
        "--ranks-per-node is for machines of several ranks; say --node-bandwidth RATE, too.",
        "--ranks",
        "2",
        "--bandwidth",
        "1GB/s",
        "--ranks-per-node",
        "2"
    )]
    [InlineData(
        "--ranks 6 are neither within one machine of --ranks-per-node 4 nor whole machines; choose at most 4, or a multiple of it.",
        "--ranks",
        "6",
        "--bandwidth",
        "1GB/s",
        "--ranks-per-node",
        "4",
        "--node-bandwidth",
        "9GB/s"
    )]
    [InlineData(
        "--ranks 17 are more than the 16 sequences of a step of OneMatrix, of which each rank takes some; choose at most 16, or a larger --batch.",
        "--ranks",
        "17"
    )]
    [InlineData(
        "--ranks 3 are more than the 2 sequences of a step of OneMatrix, of which each rank takes some; choose at most 2, or a larger --batch.",
        "--ranks",
        "3",
        "--batch",
        "2"
    )]
    [InlineData("--micro-batch 3 does not divide --batch 16; choose a divisor of it.", "--ranks", "2", "--micro-batch", "3")]
    [InlineData(
        "--galore-rank is 128 unless another one is given, which is larger than the smaller side of a weight of OneMatrix, which is 50 × 20; give --galore-rank of at most 20.",
        "--ranks",
        "2",
        "--optimizer",
        "galore"
    )]
    [InlineData(
        "--galore-rank 21 is larger than the smaller side of a weight of OneMatrix, which is 50 × 20; choose at most 20.",
        "--ranks",
        "2",
        "--optimizer",
        "galore",
        "--galore-rank",
        "21"
    )]
    [InlineData(
        "--utilization is for an estimate of time; say the device's --flops-per-second too.",
        "--ranks",
        "2",
        "--utilization",
        "0.5"
    )]
    public async Task What_is_wrong_is_said(string message, params string[] options)
    {
        var (code, output, error) = await App.Run(["describe", "OneMatrix", .. options]);
        Assert.Equal((ExitCode.WrongInput, "", message), (code, output, error.TrimEnd()));
    }

    [Fact]
    public async Task Accounting_without_weights_is_not_guessed_at()
    {
        var (code, _, error) = await App.Run(["describe", "PaperXl", "--json", "--ranks", "8"]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Equal(
            "The costs of PaperXl.Dense don't say which weights Attention has, so what its ranks send can't be counted; those of declared models do.",
            error.TrimEnd()
        );
    }

    [Theory]
    [InlineData("1GB/s", 1e9)]
    [InlineData("0.5TB/s", 5e11)]
    [InlineData("400Gbit/s", 5e10)]
    [InlineData("2GiB/s", 2.0 * (1L << 30))]
    [InlineData("1e3Mbit/s", 1.25e8)]
    public async Task Rates_are_read_in_their_units(string rate, double bytesPerSecond)
    {
        using var ranks = await Ranks("--bandwidth", rate, "--latency", "2.5us");
        Assert.Equal(bytesPerSecond, ranks.RootElement.GetProperty("ranks").GetProperty("bytesPerSecond").GetDouble());
        Assert.Equal(2.5e-6, ranks.RootElement.GetProperty("ranks").GetProperty("latencySeconds").GetDouble(), 1e-18);
    }

    [Fact]
    public async Task A_rank_of_four_is_counted_by_hand()
    {
        // 8,000 and 12,000 bytes a second are sent and computed so that whole numbers come out.
        using var document = await Ranks("--bandwidth", "1MB/s", "--flops-per-second", "1e9", "--utilization", "0.5");
        var ranks = document.RootElement.GetProperty("ranks");
        Assert.Equal(
            (4, "adamw", 16, 4, 4, 160, 40, 25),
            (
                ranks.GetProperty("count").GetInt32(),
                ranks.GetProperty("optimizer").GetString(),
                ranks.GetProperty("sequencesPerStep").GetInt32(),
                ranks.GetProperty("sequencesPerRank").GetInt32(),
                ranks.GetProperty("sequencesPerMicroBatch").GetInt32(),
                ranks.GetProperty("tokensPerStep").GetInt32(),
                ranks.GetProperty("tokensPerRank").GetInt32(),
                ranks.GetProperty("steps").GetInt32()
            )
        );
        var dense = ranks.GetProperty("variants").GetProperty("dense");
        Assert.Equal(
            (4_000, 4_000, 0),
            (Whole(dense, "parameterBytes"), Whole(dense, "gradientBytes"), Whole(dense, "effectiveWeightBytes"))
        );
        Assert.Equal(1_000, Whole(dense, "reducedNumbers"));
        var (none, sharded) = (dense.GetProperty("sharding").GetProperty("none"), dense.GetProperty("sharding").GetProperty("optimizer"));
        Assert.Equal((8_000, 2_000), (Whole(none, "stateBytes"), Whole(sharded, "stateBytes")));
        Assert.Equal((16_000, 10_000), (Whole(none, "heldBytes"), Whole(sharded, "heldBytes")));
        foreach (var way in new[] { none, sharded })
        {
            // Twice three quarters of 4,000 bytes; 25 steps.
            Assert.Equal((6_000.0, 150_000.0), (Real(way, "sentBytes"), Real(way, "sentBytesInRun")));
            // 3 · 2,000 FLOPs for each of 40 tokens at 5e8 a second; 6,000 bytes at 1e6.
            Assert.Equal(240_000, Whole(way, "flops"));
            Assert.Equal(480e-6, Real(way, "computeSeconds"), 1e-15);
            Assert.Equal(6e-3, Real(way, "wireSeconds"), 1e-15);
            Assert.Equal(6.48e-3, Real(way, "stepSeconds"), 1e-15);
            Assert.Equal(6e-3, Real(way, "overlappedStepSeconds"), 1e-15);
            Assert.True(way.GetProperty("networkBound").GetBoolean());
            // 6 ms are 3e6 FLOPs, those of 500 tokens. Two ranks send for 4 ms and compute for 0.96.
            Assert.Equal((500, 1), (Whole(way, "leastTokensPerRank"), Whole(way, "mostRanks")));
        }
    }

    [Fact]
    public async Task The_rank_with_the_most_sequences_is_what_all_wait_for()
    {
        var (_, output, _) = await App.Run(["describe", "OneMatrix", "--json", "--ranks", "3"]);
        using var document = JsonDocument.Parse(output);
        var ranks = document.RootElement.GetProperty("ranks");
        // 16 over 3: 6, 5, 5; the six are read as the declared four and two.
        Assert.Equal((6, 4), (ranks.GetProperty("sequencesPerRank").GetInt32(), ranks.GetProperty("sequencesPerMicroBatch").GetInt32()));
        Assert.Equal(JsonValueKind.Null, ranks.GetProperty("bytesPerSecond").ValueKind);
    }

    [Fact]
    public async Task The_tables_say_what_bounds_a_step_and_where_that_turns()
    {
        var (code, output, error) = await App.Run([
            "describe",
            "OneMatrix",
            "--ranks",
            "4",
            "--bandwidth",
            "1MB/s",
            "--flops-per-second",
            "5e8",
            "--utilization",
            "1",
        ]);
        Assert.Equal((0, ""), (code, error));
        Assert.All(
            [
                "network",
                "6.00 ms",
                "480 µs",
                "6.48 ms",
                "500",
                "1 MB/s a rank",
                "16 sequences, 160 tokens; 40 of them on a rank",
                "25 steps",
            ],
            text => Assert.Contains(text, output, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Another_process_is_asked_the_same()
    {
        var command = new Command("describe");
        var options = DescriptionOptionSet.AddTo(command);
        string[] given =
        [
            "--ranks=4",
            "--bandwidth",
            "0.4Gbit/s",
            "--latency",
            "2us",
            "--ranks-per-node",
            "2",
            "--node-bandwidth",
            "450GB/s",
            "--batch",
            "8",
            "--optimizer",
            "galore",
            "--galore-rank",
            "7",
            "--galore-gap",
            "30",
            "--flops-per-second",
            "1e12",
        ];
        var arguments = command.Parse(given);
        var passedOn = options.Given(arguments);
        var job = options.Request(command.Parse([.. passedOn]), OneMatrix).Ranks;
        Assert.Equal(options.Request(arguments, OneMatrix).Ranks, job);
        Assert.Equal(
            new RankJob(4, 8, 4, OptimizerKind.GaLore, 7, 30)
            {
                Steps = 50,
                Links = new(5e7, 2e-6, new(2, 450e9)),
                FlopsPerSecond = 4e11,
            },
            job
        );
    }

    private static async Task<JsonDocument> Ranks(params string[] options)
    {
        var (code, output, error) = await App.Run(["describe", "OneMatrix", "--json", "--ranks", "4", .. options]);
        Assert.Equal((0, ""), (code, error));
        return JsonDocument.Parse(output);
    }

    private static long Whole(JsonElement element, string key) => element.GetProperty(key).GetInt64();

    private static double Real(JsonElement element, string key) => element.GetProperty(key).GetDouble();
}
