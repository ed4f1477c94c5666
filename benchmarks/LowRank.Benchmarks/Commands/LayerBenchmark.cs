using System.Globalization;
using LowRank.Benchmarks.Measuring;
using LowRank.Benchmarks.Models;
using LowRank.Benchmarks.Peers;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Commands;

/// <summary>
/// One linear layer, forward and backward: factored, with its guide in two branches, and with its guide in the effective weight.
/// </summary>
internal static class LayerBenchmark
{
    private const long RowsOfMicroBatch = 2_048;
    private static readonly (long Inputs, long Outputs)[] Shapes = [(512, 2_048), (1_024, 1_024)];
    private static readonly long[] Tokens = [2_048, 8_192];
    private static readonly int[] Fractions = [16, 4, 2];

    /// <summary>Measures.</summary>
    /// <param name="rounds">Rounds of interleaved optimizer steps of the layer.</param>
    /// <param name="part"><c>fp32</c> or <c>bf16</c>; null for both.</param>
    public static IReadOnlyList<Figure> Run(int rounds, string? part)
    {
        // The first model chooses MKL's code for the whole process; layers alone do not.
        using (var first = new MemoryModel())
        using (no_grad())
        {
            var figures = new List<Figure>();
            foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
            {
                if (part is not null && part != NameOf(type))
                    continue;
                foreach (var (inputs, outputs) in Shapes)
                {
                    foreach (var tokens in Tokens)
                        figures.AddRange(Compare(rounds, inputs, outputs, tokens, type));
                }
            }

            return figures;
        }
    }

    private static List<Figure> Compare(int rounds, long inputs, long outputs, long tokens, ScalarType type)
    {
        var options = new ModelOptions { ComputeType = type };
        var microBatches = (int)(tokens / RowsOfMicroBatch);
        using var scope = NewDisposeScope();
        var x = randn(RowsOfMicroBatch, inputs).to(type);
        var gradient = randn(RowsOfMicroBatch, outputs).to(type);
        var width = (int)Math.Min(inputs, outputs);
        LayerContender Contender(LayerForm form, int rank) => new(form, inputs, outputs, rank, options, x, gradient, microBatches);

        var dense = Contender(LayerForm.Dense, 0);
        var contenders = new List<LayerContender> { dense };
        foreach (var rank in Fractions.Select(fraction => width / fraction))
            contenders.AddRange([
                Contender(LayerForm.Factored, rank),
                Contender(LayerForm.TwoBranches, rank),
                Contender(LayerForm.EffectiveWeight, rank),
            ]);
        var seconds = Interleaved.Run(rounds, [.. contenders.Select<LayerContender, Action>(contender => contender.Step)]);
        var figures = new List<Figure>();
        for (var index = 1; index < contenders.Count; index++)
        {
            var contender = contenders[index];
            var flops = (double)contender.Flops / dense.Flops;
            figures.Add(
                Figure.Of(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{NameOf(type)} {inputs}→{outputs}, {tokens:#,0} tokens, rank {contender.Rank}: {contender.Title} / dense (FLOPs {flops:0.000})"
                    ),
                    Interleaved.Ratio(seconds[index], seconds[0])
                )
            );
        }

        foreach (var contender in contenders)
            contender.Dispose();
        return figures;
    }

    private static string NameOf(ScalarType type) => type == ScalarType.Float32 ? "fp32" : "bf16";
}
