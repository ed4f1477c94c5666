using System.Globalization;
using LowRank.Benchmarks.Measuring;
using LowRank.Benchmarks.Models;
using LowRank.Benchmarks.Peers;
using LowRank.Layers;
using LowRank.Training;
using LowRank.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Commands;

/// <summary>
/// Whole training steps on a GPU, products in bfloat16: generated models against each other, hand-written TorchSharp and PyTorch, eager and
/// compiled, of the same dense and the same factored models; memory; decoding.
/// </summary>
internal static class GpuBenchmark
{
    // As far as losses of products in bfloat16 agree.
    private const double Brain = 1e-2;
    private const int Prompt = 32;
    private static readonly string[] Kinds = ["steps", "peers", "memory", "decode"];

    /// <summary>What can be measured alone.</summary>
    public static string[] Parts { get; } = [.. from width in new[] { 1024, 2048 } from kind in Kinds select Part(kind, width)];

    /// <summary>Measures.</summary>
    /// <param name="arguments">What is asked for.</param>
    /// <exception cref="InputException">There is no such device.</exception>
    public static IReadOnlyList<Figure> Run(Arguments arguments)
    {
        var device = Devices.ForComputing(arguments.Device);
        var figures = new List<Figure>();
        foreach (var (width, full) in new[] { (1024, GpuSize.Thousand), (2048, GpuSize.TwoThousand) })
        {
            var size = arguments.Quick ? GpuSize.Tiny : full;
            if (Asked("steps"))
                figures.AddRange(Steps(size, device, arguments.Rounds));
            if (Asked("peers"))
                figures.AddRange(size.Forms.SelectMany(form => AgainstPeers(size, form, device, arguments.Rounds)));
            if (Asked("memory"))
                figures.AddRange(size.Forms.Select((form, index) => Memory(size, form, index, arguments)).OfType<Figure>());
            if (Asked("decode"))
                figures.AddRange(size.Forms.SelectMany(form => Decoding(size, form, device, arguments)));

            bool Asked(string kind) => arguments.Part is null ? !arguments.Quick || width == 1024 : arguments.Part == Part(kind, width);
        }

        return figures;
    }

    /// <summary>Three steps of a generated model; prints the bytes by which used memory has grown.</summary>
    /// <param name="device">The device.</param>
    /// <param name="width">Width of the model.</param>
    /// <param name="form">Which of its forms.</param>
    public static void PrintMemory(string device, string width, string form)
    {
        var size = new[] { GpuSize.Thousand, GpuSize.TwoThousand, GpuSize.Tiny }.Single(size => WidthOf(size) == width);
        var where = Devices.ForComputing(device);
        var watch = new LowRank.Training.Loop.DeviceMemoryWatch(where, earlierPeak: null);
        var before = PeakMemory.Now(Environment.ProcessId);
        using var training = new GeneratedTraining(
            size.Forms[int.Parse(form, CultureInfo.InvariantCulture)].Create(Mixed(where) with { Guided = false }),
            size.Setting
        );
        for (var step = 0; step < 3; step++)
        {
            training.Step();
            watch.Look();
        }

        var grown = watch.PeakBytes ?? PeakMemory.Of(Environment.ProcessId) - before;
        Console.WriteLine(grown.ToString(CultureInfo.InvariantCulture));
    }

    private static IEnumerable<Figure> Steps(GpuSize size, Device device, int rounds)
    {
        var guided = Mixed(device);
        var unguided = guided with { Guided = false };
        var width = WidthOf(size);
        using var dense = new GeneratedTraining(size.Dense(guided), size.Setting);
        using var quarterGuided = new GeneratedTraining(size.Quarter(guided), size.Setting);
        using var quarter = new GeneratedTraining(size.Quarter(unguided), size.Setting);
        using var halfGuided = new GeneratedTraining(size.Half(guided), size.Setting);
        using var half = new GeneratedTraining(size.Half(unguided), size.Setting);
        var seconds = Interleaved.Run(
            rounds,
            () => dense.Step(),
            () => quarterGuided.Step(),
            () => quarter.Step(),
            () => halfGuided.Step(),
            () => half.Step()
        );
        var full = dense.Model.LiveForwardFlopsPerToken(size.Setting.Context);
        foreach (
            var (rank, training, guidedIndex, index) in new[]
            {
                ("width/4 in every layer", quarter, 1, 2),
                ("width/2 in the feed-forward layers", half, 3, 4),
            }
        )
        {
            yield return WithBar(GpuTargets.Guided(rank, width), Interleaved.Ratio(seconds[guidedIndex], seconds[0]));
            var flops = (double)training.Model.LiveForwardFlopsPerToken(size.Setting.Context) / full;
            yield return Figure.Of($"FLOPs of a step / a dense step's, factored, {rank}, width {width}", [flops]);
            yield return WithBar(
                GpuTargets.Saved(rank, width),
                Interleaved.Ratio(seconds[index], seconds[0]).Select(ratio => (1 - ratio) / (1 - flops))
            );
            yield return Figure.Of($"milliseconds of a factored step, {rank}, width {width}", seconds[index].Select(time => 1e3 * time));
        }

        yield return Figure.Of(
            $"milliseconds of a dense step of {size.Setting.Tokens} tokens, width {width}",
            seconds[0].Select(time => 1e3 * time)
        );
        yield return Figure.Of(
            $"TFLOP/s of a dense step, width {width}",
            seconds[0].Select(time => 3e-12 * full * size.Setting.Tokens / time)
        );
    }

    /// <summary>The same weights, the same tokens, the same losses as far as bfloat16 goes; time over the peer's.</summary>
    private static IEnumerable<Figure> AgainstPeers(GpuSize size, GpuForm form, Device device, int rounds)
    {
        var width = WidthOf(size);
        using var own = new GeneratedTraining(form.Create(Mixed(device) with { Guided = false }), size.Setting);
        var weights = PeerWeights.Of(own.Model);
        var transformer = size.HandWritten(form);
        PeerWeights.Load(transformer, weights);
        using var written = new HandWrittenTraining(transformer, size.Setting, device);
        using var eager = PyTorchPeer.Start(size.PeerModel(form), weights, size.Setting, NameOf(device));
        using var compiled = PyTorchPeer.Start(size.PeerModel(form), weights, size.Setting, NameOf(device), compile: true);
        compiled?.Begin();
        var isCompiled = true;
        for (var step = 0; step < 3; step++)
        {
            var loss = own.Step();
            PeerLoss.MustAgree("hand-written TorchSharp", step, loss, written.Step(), Brain);
            PeerLoss.MustAgree("PyTorch", step, loss, eager?.Step().Loss, Brain);
            isCompiled = isCompiled && Compiles(compiled, step, loss);
        }

        var contenders = new List<Func<double>> { Interleaved.Timed(own.Step), Interleaved.Timed(written.Step) };
        if (eager is not null)
            contenders.Add(() => eager.Step().Seconds);
        if (eager is not null && isCompiled)
            contenders.Add(() => compiled!.Step().Seconds);
        var seconds = Interleaved.RunSelfTimed(rounds, [.. contenders]);
        yield return Figure.Of(
            $"{form.Name}: step bf16 / hand-written TorchSharp fp32, width {width}",
            Interleaved.Ratio(seconds[0], seconds[1])
        );
        if (contenders.Count > 2)
            yield return Figure.Of(
                $"{form.Name}: step bf16 / PyTorch {eager!.Version} eager, width {width}",
                Interleaved.Ratio(seconds[0], seconds[2])
            );
        if (contenders.Count > 3)
            yield return WithBar(GpuTargets.Compiled(form.Name, width), Interleaved.Ratio(seconds[0], seconds[3]));
    }

    // The compiler takes a C compiler and Triton, which not every installation has.
    private static bool Compiles(PyTorchPeer? compiled, int step, double loss)
    {
        if (compiled is null)
            return false;
        double theirs;
        try
        {
            if (step > 0)
                compiled.Begin();
            theirs = compiled.End().Loss;
        }
        catch (InvalidOperationException exception)
        {
            Console.Error.WriteLine($"torch.compile is left out: {exception.Message}");
            return false;
        }

        PeerLoss.MustAgree("compiled PyTorch", step, loss, theirs, Brain);
        return true;
    }

    // Each alone on the device, in a process of its own; both as the driver counts them.
    private static Figure? Memory(GpuSize size, GpuForm form, int index, Arguments arguments)
    {
        var own = long.Parse(
            OwnProcess.Run("gpu-memory", arguments.Device, WidthOf(size), index.ToString(CultureInfo.InvariantCulture)).Trim(),
            CultureInfo.InvariantCulture
        );
        Dictionary<string, Tensor> weights;
        using (var model = form.Create(new ModelOptions { Guided = false }))
            weights = PeerWeights.Of(model);
        using var compiled = PyTorchPeer.Start(size.PeerModel(form), weights, size.Setting, arguments.Device, compile: true);
        compiled?.Begin();
        for (var step = 0; step < 3; step++)
        {
            if (!Compiles(compiled, step, double.NaN))
                return Figure.Of($"peak memory in GB, {form.Name}, width {WidthOf(size)}", [1e-9 * own]);
        }

        var theirs = arguments.Device == "cpu" ? compiled!.PeakBytes : compiled!.DeviceBytes;
        return WithBar(GpuTargets.Memory(form.Name, WidthOf(size)), [(double)own / theirs]);
    }

    private static IEnumerable<Figure> Decoding(GpuSize size, GpuForm form, Device device, Arguments arguments)
    {
        var tokens = arguments.Quick ? 8 : 96;
        using var model = form.Create(Mixed(device) with { Guided = false });
        using var decoder = new GeneratedDecoder(model);
        using var transformer = size.HandWritten(form).to(device);
        var written = new HandWrittenDecoder(transformer);
        foreach (var batch in new[] { 1, 8 })
        {
            using var generator = new torch.Generator(17);
            using var prompt = randint(0, size.Setting.Vocabulary, [batch, Prompt], ScalarType.Int64, generator: generator);
            using var there = prompt.to(device);
            var seconds = Interleaved.Run(
                Math.Min(3, arguments.Rounds),
                () => decoder.Generate(prompt, tokens).Dispose(),
                () => written.Generate(there, tokens).Dispose()
            );
            var title = string.Create(CultureInfo.InvariantCulture, $"{form.Name}, width {WidthOf(size)}, batch {batch}: tokens/s");
            yield return Figure.Of($"{title} bf16", seconds[0].Select(time => batch * tokens / time));
            yield return Figure.Of($"{title} bf16 / hand-written TorchSharp fp32", Interleaved.Ratio(seconds[1], seconds[0]));
        }
    }

    private static Figure WithBar(string name, IEnumerable<double> samples)
    {
        var target = GpuTargets.All.FirstOrDefault(target => target.Name == name);
        return target.Name is null ? Figure.Of(name, samples)
            : target.AtLeast ? Figure.Of(name, samples, target.Bar) with { AtLeast = true }
            : Figure.Of(name, samples, target.Bar);
    }

    private static ModelOptions Mixed(Device device) => new() { Device = device, ComputeType = ScalarType.BFloat16 };

    private static string NameOf(Device device) => device.type == DeviceType.CPU ? "cpu" : $"cuda:{device.index}";

    private static string WidthOf(GpuSize size) => size.Width.ToString("N0", CultureInfo.InvariantCulture);

    private static string Part(string kind, int width) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{width}");
}
