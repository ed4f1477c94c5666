using LowRank.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Peers;

/// <summary>The memory-bound operations of a step of the benchmarks' dense models.</summary>
internal sealed class KernelCases : IDisposable
{
    private const int Depth = 8;
    private const int MicroBatches = 2;
    private const Activation Silu = Activation.Silu;
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Device device;
    private readonly long rows;
    private readonly long width;
    private readonly long hidden;
    private readonly ScalarType type;
    private readonly int size;

    /// <summary>Draws what they read.</summary>
    /// <param name="device">Where it lies.</param>
    /// <param name="type">The type of what lies between the products.</param>
    /// <param name="width">Width of the model.</param>
    /// <param name="isQuick">Whether there are few rows.</param>
    public KernelCases(Device device, ScalarType type, long width, bool isQuick)
    {
        (this.device, this.type, this.width) = (device, type, width);
        (rows, hidden, size) = (isQuick ? 64 : 16_384, 3 * width, type == ScalarType.Float32 ? 4 : 2);
        using var generator = new torch.Generator(17);
        Tensor Draw(ScalarType of, params long[] shape)
        {
            using var inner = NewDisposeScope();
            return randn(shape, generator: generator).to(of).to(device).MoveToOuterDisposeScope();
        }

        var stream = Draw(ScalarType.Float32, rows, width);
        Place = stream;
        var norm = new NormParameters(ones(width, device: device), null, 1e-5, IsCentered: false);
        var layerNorm = norm with { Bias = zeros(width, device: device), IsCentered = true };
        var vocabulary = isQuick ? 512L : 8_192;
        var chunk = Math.Min(rows, (1L << 26) / vocabulary);
        var drawn = randint(0, vocabulary, [chunk, 1], ScalarType.Int64, generator: generator);
        var targets = drawn.to(device);
        var parameters = isQuick ? 4_096L : Depth * (4 * width * width + 3 * width * hidden);
        var heads = width / 64;
        var (cosine, sine) = Angles(isQuick ? 64 : 1_024);
        All =
        [
            .. Norms("RMSNorm", norm, inStep: 2 * Depth * MicroBatches, Draw, stream),
            .. Norms("LayerNorm", layerNorm, inStep: 0, Draw, stream),
            new(
                "rotation of queries and keys",
                2.0 * 2 * rows * width * size,
                2 * Depth * MicroBatches,
                (operations, inputs) =>
                {
                    operations.Rotate(inputs[0], new RotaryAngles(cosine, sine), 0, 2 * heads, 1);
                    return [inputs[0].alias()];
                },
                Draw(type, rows / cosine.shape[0], cosine.shape[0], 3 * heads, 64)
            ),
            new(
                "SiLU's gate, forward",
                3.0 * rows * hidden * size,
                Depth * MicroBatches,
                (operations, inputs) =>
                {
                    using var gate = Half(inputs[0], 0);
                    using var up = Half(inputs[0], 1);
                    return [operations.Gate(Silu, gate, up)];
                },
                Draw(type, rows, 2 * hidden)
            ),
            new(
                "SiLU's gate, backward",
                6.0 * rows * hidden * size,
                Depth * MicroBatches,
                (operations, inputs) =>
                {
                    using var gate = Half(inputs[0], 0);
                    using var up = Half(inputs[0], 1);
                    var output = operations.GateBackward(Silu, gate, up, inputs[1]);
                    return [gate.alias(), up.alias(), output];
                },
                Draw(type, rows, 2 * hidden),
                Draw(type, rows, hidden)
            ),
            new(
                "GELU, forward",
                2.0 * rows * hidden * size,
                0,
                (operations, inputs) => [operations.Activate(Activation.Gelu, inputs[0])],
                Draw(type, rows, hidden)
            ),
            new(
                "GELU, backward",
                3.0 * rows * hidden * size,
                0,
                (operations, inputs) => [operations.ActivateBackward(Activation.Gelu, inputs[0], inputs[1])],
                Draw(type, rows, hidden),
                Draw(type, rows, hidden)
            ),
            new(
                "softmax, loss and gradient",
                2.0 * chunk * vocabulary * size,
                (int)((rows + chunk - 1) / chunk) * MicroBatches,
                (operations, inputs) =>
                {
                    var total = zeros(1, ScalarType.Float64, device);
                    operations.CrossEntropy(inputs[0], targets, total, 1.0 / chunk, LogitForm.Plain);
                    return [total, inputs[0].alias()];
                },
                Draw(type, chunk, vocabulary)
            ),
            new(
                "addition of a gradient",
                rows * width * (2.0 * 4 + size),
                0,
                (operations, inputs) =>
                {
                    operations.Add(inputs[0], inputs[1]);
                    return [inputs[0].alias()];
                },
                Draw(ScalarType.Float32, rows, width),
                Draw(type, rows, width)
            ),
            .. Optimizer(parameters),
        ];
    }

    /// <summary>A tensor that lies where they do.</summary>
    public Tensor Place { get; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<KernelCase> All { get; }

    public void Dispose() => scope.Dispose();

    private IEnumerable<KernelCase> Norms(
        string name,
        NormParameters norm,
        int inStep,
        Func<ScalarType, long[], Tensor> draw,
        Tensor stream
    )
    {
        yield return new(
            $"{name}, forward",
            rows * width * (4.0 + size),
            0,
            (operations, inputs) =>
            {
                var output = operations.Normalize(norm, inputs[0], type, out var statistics);
                statistics.Dispose();
                return [output];
            },
            stream
        );
        yield return new(
            $"addition and {name}, forward",
            rows * width * (8.0 + 2 * size),
            inStep,
            (operations, inputs) =>
            {
                var output = operations.AddAndNormalize(norm, inputs[0], inputs[1], type, out var sum, out var statistics);
                statistics.Dispose();
                return [output, sum];
            },
            stream,
            draw(type, [rows, width])
        );
        // Statistics differ between implementations: each makes its own.
        yield return new(
            $"{name}, forward and backward",
            rows * width * (4.0 + size + 4 + size + 8 + size),
            inStep,
            (operations, inputs) =>
            {
                var output = operations.Normalize(norm, inputs[0], type, out var statistics);
                var gain = zeros(width, device: device);
                var bias = norm.Bias is null ? null : zeros(width, device: device);
                var rounded = type == ScalarType.Float32 ? null : empty(inputs[2].shape, type, device);
                operations.NormalizeBackward(norm, inputs[0], statistics, inputs[1], inputs[2], gain, bias, rounded);
                statistics.Dispose();
                return [output, inputs[2].alias(), gain, .. new[] { bias, rounded }.OfType<Tensor>()];
            },
            stream,
            draw(type, [rows, width]),
            draw(ScalarType.Float32, [rows, width])
        );
    }

    private IEnumerable<KernelCase> Optimizer(long parameters)
    {
        // Drawn where they lie: they are many.
        var values = randn(parameters, device: device);
        var gradients = randn(parameters, device: device);
        yield return new("norm of all gradients", 4.0 * parameters, 1, (operations, inputs) => [operations.Norm([inputs[0]])], gradients);
        var first = zeros(parameters, device: device);
        var second = zeros(parameters, device: device);
        var copy = type == ScalarType.Float32 ? null : empty(parameters, type, device);
        var one = ones(1, ScalarType.Float64, device);
        var clip = one.squeeze(0);
        Tensor[] buffers = [values, gradients, first, second, .. copy is null ? Array.Empty<Tensor>() : [copy]];
        yield return new(
            "AdamW",
            parameters * (copy is null ? 32.0 : 34.0),
            1,
            (operations, inputs) =>
            {
                operations.AdamW(
                    [new AdamWBuffers(inputs[0], inputs[1], inputs[2], inputs[3], inputs.Length > 4 ? inputs[4] : null, 1)],
                    new AdamWConstants(1e-3, 0.9, 0.95, 1e-8, 0.1),
                    clip
                );
                return [.. inputs.Select(input => input.alias())];
            },
            buffers
        );
    }

    private (Tensor Cosine, Tensor Sine) Angles(long positions)
    {
        using var inner = NewDisposeScope();
        var angles = outer(arange(positions, ScalarType.Float32, device), arange(32, ScalarType.Float32, device).neg().exp());
        return (angles.cos().MoveToOuterDisposeScope(), angles.sin().MoveToOuterDisposeScope());
    }

    private Tensor Half(Tensor joined, int which) => joined.narrow(1, which * hidden, hidden);
}
