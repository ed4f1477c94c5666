using System.Collections.Generic;

namespace LowRank.Benchmarks.Measuring;

/// <summary>What should hold on a GPU: the figures of docs/results/gpu.json, by name, with their bars.</summary>
internal static class GpuTargets
{
    /// <summary>The share of the tests on a GPU that passed.</summary>
    public const string Tests = "tests on the GPU that pass / all, LoRA's dropout included";

    private const string Everywhere = "width/4 in every layer";
    private const string FeedForward = "width/2 in the feed-forward layers";
    private static readonly string[] Widths = ["1,024", "2,048"];

    /// <summary>All of them: name, bar, and whether it is to be reached rather than not exceeded.</summary>
    public static IReadOnlyList<(string Name, double Bar, bool AtLeast)> All { get; } = [.. List()];

    /// <summary>Time of a step over the compiled peer's.</summary>
    public static string Compiled(string form, string width) =>
        form == "dense"
            ? $"dense step bf16 / torch.compile, width {width}"
            : $"{form}: step bf16 / torch.compile of the same model, width {width}";

    /// <summary>How much of the saved FLOPs is saved time.</summary>
    public static string Saved(string rank, string width) => $"time saved / FLOPs saved, factored, {rank}, width {width}";

    /// <summary>What the guide costs.</summary>
    public static string Guided(string rank, string width) => $"guided step / dense step, {rank}, width {width}";

    /// <summary>Memory beside the compiled peer's.</summary>
    public static string Memory(string form, string width) => $"peak memory / torch.compile, {form}, width {width}";

    private static IEnumerable<(string, double, bool)> List()
    {
        foreach (var width in Widths)
            yield return (Compiled("dense", width), 1.00, false);
        foreach (var width in Widths)
        {
            foreach (var rank in new[] { Everywhere, FeedForward })
                yield return (Compiled($"factored, {rank}", width), 0.90, false);
        }

        yield return (Saved(FeedForward, Widths[1]), 0.80, true);
        foreach (var width in Widths)
        {
            foreach (var rank in new[] { Everywhere, FeedForward })
                yield return (Guided(rank, width), 1.05, false);
        }

        foreach (var width in Widths)
            yield return (Memory("dense", width), 0.90, false);
        yield return (Tests, 1.00, true);
    }
}
