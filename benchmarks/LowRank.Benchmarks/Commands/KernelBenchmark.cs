using System.Diagnostics;
using System.Globalization;
using LowRank.Benchmarks.Measuring;
using LowRank.Benchmarks.Peers;
using LowRank.Cuda;
using LowRank.Kernels;
using LowRank.Training;
using LowRank.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Commands;

/// <summary>
/// Every memory-bound operation of a step by itself, at the sizes of the models that the benchmarks train: its result beside that of
/// libtorch's operators, its time, and the traffic that its shapes make necessary over that time, beside the card's bandwidth.
/// </summary>
internal static class KernelBenchmark
{
    // Of the largest value: sums in another order, and one rounding to 8 bits more or less.
    private const double Single = 1e-4;
    private const double Brain = 2e-2;
    private const double Shortest = 0.05;

    /// <summary>Measures.</summary>
    /// <param name="arguments">What is asked for.</param>
    /// <exception cref="InputException">There is no such device.</exception>
    public static IReadOnlyList<Figure> Run(Arguments arguments)
    {
        var device = Devices.ForComputing(arguments.Device);
        var bandwidth = device.type == DeviceType.CUDA ? CudaDevices.Of(device.index)?.MemoryBandwidth ?? 0 : 0;
        var widths = arguments.Quick ? new[] { 64 } : [1024, 2048];
        var figures = new List<Figure>();
        foreach (var width in widths)
        {
            foreach (var type in new[] { ScalarType.BFloat16, ScalarType.Float32 })
            {
                using var cases = new KernelCases(device, type, width, arguments.Quick);
                var step = 0.0;
                foreach (var each in cases.All)
                {
                    var title = string.Create(CultureInfo.InvariantCulture, $"{each.Name}, {NameOf(type)}, width {width:N0}");
                    var general = new TensorOperations();
                    var fused = FusedOperations.For(cases.Place);
                    figures.Add(
                        Figure.Of(
                            $"{title}: largest difference from libtorch's operators",
                            [each.Difference(fused, general)],
                            type == ScalarType.Float32 ? Single : Brain
                        )
                    );
                    var seconds = Measure(each, fused, device, arguments.Rounds);
                    var reference = Measure(each, general, device, arguments.Rounds);
                    step += each.InStep * seconds.Order().ElementAt(seconds.Length / 2);
                    figures.Add(Figure.Of($"{title}: microseconds", seconds.Select(time => 1e6 * time)));
                    figures.Add(Figure.Of($"{title}: GB/s", seconds.Select(time => 1e-9 * each.Bytes / time)));
                    if (bandwidth > 0)
                        figures.Add(Figure.Of($"{title}: share of the bandwidth", seconds.Select(time => each.Bytes / time / bandwidth)));
                    figures.Add(Figure.Of($"{title}: time / libtorch's operators", Interleaved.Ratio(seconds, reference)));
                }

                figures.Add(
                    Figure.Of(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"milliseconds of all these in a dense step, {NameOf(type)}, width {width:N0}"
                        ),
                        [1e3 * step]
                    )
                );
            }
        }

        return figures;
    }

    private static double[] Measure(KernelCase each, IFusedOperations operations, Device device, int rounds)
    {
        var once = Time(each, operations, device, 1);
        once = Time(each, operations, device, 1);
        var times = (int)Math.Clamp(Shortest / Math.Max(once, 1e-7), 1, 1_000);
        return [.. Enumerable.Range(0, rounds).Select(_ => Time(each, operations, device, times))];
    }

    private static double Time(KernelCase each, IFusedOperations operations, Device device, int times)
    {
        Wait(device);
        var start = Stopwatch.GetTimestamp();
        for (var time = 0; time < times; time++)
            each.Run(operations);
        Wait(device);
        return Stopwatch.GetElapsedTime(start).TotalSeconds / times;
    }

    private static void Wait(Device device)
    {
        if (device.type == DeviceType.CUDA)
            cuda.synchronize(device);
    }

    private static string NameOf(ScalarType type) => type == ScalarType.Float32 ? "fp32" : "bf16";
}
