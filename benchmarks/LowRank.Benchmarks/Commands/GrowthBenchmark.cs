using System.Globalization;
using LowRank.Benchmarks.Measuring;
using LowRank.Benchmarks.Models;
using LowRank.Benchmarks.Peers;
using LowRank.Layers;
using LowRank.Models;

namespace LowRank.Benchmarks.Commands;

/// <summary>
/// How the time of a training step grows along one axis at a time: the exponent of the fitted power beside that of the FLOPs.
/// </summary>
internal static class GrowthBenchmark
{
    private const int Context = 256;

    // 1,024 tokens wherever tokens aren't the axis.
    private const int Sequences = 4;
    private static readonly int[] SequencesOfTokenAxis = [2, 4, 8, 16];

    /// <summary>Measures.</summary>
    /// <param name="rounds">Rounds of interleaved steps; each round is fitted for itself.</param>
    public static IReadOnlyList<Figure> Run(int rounds) =>
        [
            Axis(rounds, "tokens", [.. SequencesOfTokenAxis.Select(sequences => Point(sequences * Context, new GrowthBase(), sequences))]),
            Axis(
                rounds,
                "width",
                [
                    Point(128, new GrowthWidth128()),
                    Point(256, new GrowthBase()),
                    Point(384, new GrowthWidth384()),
                    Point(512, new GrowthWidth512()),
                ]
            ),
            Axis(
                rounds,
                "depth",
                [Point(2, new GrowthDepth2()), Point(4, new GrowthBase()), Point(8, new GrowthDepth8()), Point(16, new GrowthDepth16())]
            ),
            Axis(
                rounds,
                "vocabulary",
                [Point(1_024, new GrowthVocabulary1K()), Point(4_096, new GrowthBase()), Point(16_384, new GrowthVocabulary16K())]
            ),
            Axis(
                rounds,
                "rank",
                [Point(12, new GrowthRank12()), Point(24, new GrowthRank24()), Point(48, new GrowthRank48()), Point(96, new GrowthRank96())]
            ),
        ];

    private static (double Size, GeneratedTraining Training, double Flops) Point(
        double size,
        LanguageModel model,
        int sequences = Sequences
    )
    {
        var setting = new StepSetting(model.Vocabulary, Context, sequences, MicroBatches: 1);
        return (size, new GeneratedTraining(model, setting), 3.0 * model.LiveForwardFlopsPerToken(Context) * setting.Tokens);
    }

    private static Figure Axis(int rounds, string name, (double Size, GeneratedTraining Training, double Flops)[] points)
    {
        var seconds = Interleaved.Run(
            rounds,
            [.. points.Select<(double, GeneratedTraining Training, double), Action>(point => () => point.Training.Step())]
        );
        foreach (var (_, training, _) in points)
            training.Dispose();
        var sizes = points.Select(point => point.Size).ToArray();
        var flops = PowerLaw.Exponent(sizes, [.. points.Select(point => point.Flops)]);
        return Figure.Of(
            string.Create(
                CultureInfo.InvariantCulture,
                $"exponent of a step's time, {name} {sizes[0]:#,0} to {sizes[^1]:#,0} (FLOPs {flops:0.00})"
            ),
            Enumerable.Range(0, rounds).Select(round => PowerLaw.Exponent(sizes, [.. seconds.Select(times => times[round])]))
        );
    }
}
