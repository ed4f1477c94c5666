using System.Text.Json;
using LowRank.EndToEnd.Tests.Processes;

namespace LowRank.EndToEnd.Tests.Variations;

/// <summary>A varied model goes through every command as a declared one does.</summary>
public sealed class VariedRunTests
{
    private const string Model = "SmallDeclared@width=32,FeedForward.rank=4";

    [Fact]
    public async Task It_is_trained_resumed_evaluated_and_exported_by_its_name()
    {
        using var folder = new WorkFolder();
        var run = folder.Under("run");
        const string gpt = "GptForm@width=96,FeedForward.rank=4";
        string[] train =
        [
            "train",
            gpt,
            "--text",
            folder.Text,
            "--output",
            run,
            "--batch",
            "2",
            "--context",
            "16",
            "--cache",
            folder.Under("cache"),
        ];
        await Succeed([.. train, "--steps", "4", "--checkpoint-every", "2"]);
        Directory.Delete(Directory.EnumerateDirectories(Path.Combine(run, "checkpoints")).Max()!, recursive: true);
        await Succeed([.. train, "--steps", "4", "--checkpoint-every", "2", "--resume"]);
        var evaluated = await Succeed("evaluate", run, "--text", folder.Text, "--json");
        using var document = JsonDocument.Parse(evaluated);
        Assert.InRange(document.RootElement.GetProperty("loss").GetDouble(), 1, 7.5);
        await Succeed("generate", run, "--prompt", "The", "--tokens", "3");
        await Succeed("export", run, "--to", folder.Under("exported"));
        var config = await File.ReadAllTextAsync(
            Path.Combine(folder.Under("exported"), "config.json"),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(96, JsonDocument.Parse(config).RootElement.GetProperty("n_embd").GetInt32());
    }

    [Fact]
    public async Task Its_costs_are_described()
    {
        using var document = JsonDocument.Parse(await Succeed("describe", Model, "--json"));
        Assert.Equal("SmallDeclared@width=32,FeedForward.rank=4", document.RootElement.GetProperty("model").GetString());
        // Embedding and head, four blocks of attention, one dense and three factored feed-forward layers, and the norms.
        const long attention = 32 * 32 + 2 * 32 * 16 + 32 * 32;
        const long expected = 2 * 512 * 32 + 4 * attention + 2 * 32 * 256 + 3 * 2 * 4 * (32 + 256) + 9 * 32;
        Assert.Equal(expected, document.RootElement.GetProperty("parameters").GetInt64());
    }

    [Theory]
    [InlineData("SmallDeclared@rank", "'rank' is no change; write for example rank=64 or FeedForward.rank=64.")]
    [InlineData("SmallDeclared@ran=4", "'ran' can't be varied; did you mean rank or keyValueRank?")]
    [InlineData("SmallDeclared@rank=4,rank=5", "rank is given twice.")]
    [InlineData("SmallDeclared@rank=4,ratio=0.5", "rank and ratio both set the rank; give one.")]
    [InlineData("SmallDeclared@rank=4.5", "rank=4.5 is no whole number; write for example rank=64.")]
    [InlineData("SmallDeclared@ratio=half", "ratio=half is no number; write for example ratio=0.25.")]
    [InlineData("SmallDeclared@FeedForward.width=32", "width is the whole model's; write it without 'FeedForward.'.")]
    [InlineData("SmallDeclared@Feed.rank=4", "SmallDeclared has no sublayer 'Feed'; it has Attention, FeedForward.")]
    [InlineData(
        "SmallDeclared@Attention.rank=4",
        "SmallDeclared.Attention has no [LowRank] of its own, so there is no rank that could be varied."
    )]
    [InlineData("SmallDeclared@Attention.hidden=4", "SmallDeclared.Attention has no hidden that could be varied.")]
    [InlineData("SmallDeclared@keyValueRank=4", "SmallDeclared has no keyValueRank that could be varied.")]
    [InlineData("LatentForm@keyValueRank=0", "can't be built: LRK0201: ")]
    [InlineData(
        "PartedForm@width=64",
        "The width of PartedForm can't be varied: its sublayer Sums is a [Part], and the sizes of RunningSum are written in its class, for 32."
    )]
    [InlineData(
        "PartedForm@Sums.rank=8",
        "Sums.rank can't be varied: PartedForm.Sums is a [Part], and [LowRank] of RunningSum is written in its class."
    )]
    [InlineData("PartedForm@Looks.hidden=8", "PartedForm.Looks has no hidden that could be varied.")]
    [InlineData("SmallDeclared@width=66", "can't be built: LRK0202: ")]
    [InlineData("SmallDeclared@depth=1", "can't be built: LRK0306: ")]
    [InlineData("SmallDeclared@rank=0", "can't be built: LRK0301: ")]
    public async Task What_cannot_be_varied_is_refused_with_the_reason(string model, string reason)
    {
        var (code, output, error) = await InProcess.Run("describe", model);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_compiler_would_say_and_what_no_change_reaches_is_said_of_a_design()
    {
        var (code, output, error) = await InProcess.Run("describe", "PartedForm@rank=30,depth=4", "--json");
        Assert.Equal(0, code);
        string[] remarks =
        [
            .. JsonDocument.Parse(output).RootElement.GetProperty("remarks").EnumerateArray().Select(one => one.GetString()!),
        ];
        Assert.Contains(remarks, remark => remark.StartsWith("LRK0302: Rank 30 of ", StringComparison.Ordinal));
        Assert.Contains("rank of Sums stays what its class RunningSum declares: a variation does not reach into a [Part].", remarks);
        Assert.Equal(remarks.Select(remark => $"Note: {remark}"), error.TrimEnd().Split(Environment.NewLine));
        // Where nothing is varied the compiler has said it.
        (_, output, error) = await InProcess.Run("describe", "PartedForm", "--json");
        Assert.Empty(error);
        Assert.Empty(JsonDocument.Parse(output).RootElement.GetProperty("remarks").EnumerateArray());
        (code, _, error) = await InProcess.Run("explore", "PartedForm", "rank=4,5");
        Assert.Equal(0, code);
        Assert.Contains("Note: rank of Sums stays what its class RunningSum declares", error, StringComparison.Ordinal);
    }

    private static async Task<string> Succeed(params string[] arguments)
    {
        var (code, output, error) = await InProcess.Run(arguments);
        Assert.True(code == 0, error);
        return output;
    }
}
