using LowRank.Cuda;
using static TorchSharp.torch;

namespace LowRank.Kernels;

// Norms of rows, both ways.
internal sealed unsafe partial class CudaOperations
{
    /// <inheritdoc/>
    public override Tensor Normalize(in NormParameters norm, Tensor x, ScalarType outputType, out Tensor statistics)
    {
        if (IsTaken(norm, x) && IsNamed(outputType))
        {
            statistics = Statistics(norm, x);
            var output = AllocateLike(x, outputType);
            if (TryNormalize(norm, x, null, null, output, statistics))
                return output;
            output.Dispose();
            statistics.Dispose();
        }

        return base.Normalize(norm, x, outputType, out statistics);
    }

    /// <inheritdoc/>
    public override Tensor AddAndNormalize(
        in NormParameters norm,
        Tensor stream,
        Tensor addend,
        ScalarType outputType,
        out Tensor sum,
        out Tensor statistics
    )
    {
        if (IsTaken(norm, stream) && IsNamed(outputType) && IsDense(addend) && addend.shape.AsSpan().SequenceEqual(stream.shape))
        {
            sum = addend.dtype == stream.dtype ? addend.alias() : AllocateLike(stream, stream.dtype);
            statistics = Statistics(norm, stream);
            var output = AllocateLike(stream, outputType);
            if (TryNormalize(norm, stream, addend, sum, output, statistics))
                return output;
            output.Dispose();
            statistics.Dispose();
            sum.Dispose();
        }

        return base.AddAndNormalize(norm, stream, addend, outputType, out sum, out statistics);
    }

    /// <inheritdoc/>
    public override void NormalizeBackward(
        in NormParameters norm,
        Tensor x,
        Tensor statistics,
        Tensor upstream,
        Tensor into,
        Tensor? gainGradient,
        Tensor? biasGradient,
        Tensor? rounded
    )
    {
        var isTaken =
            IsTaken(norm, x)
            && statistics.NumberOfElements == StatisticsOf(norm, x)
            && IsDense(upstream)
            && IsDense(into)
            && IsFloat(gainGradient)
            && IsFloat(biasGradient)
            && (rounded is null || IsDense(rounded));
        if (!isTaken || !TryDifferentiate(norm, x, statistics, upstream, into, gainGradient, biasGradient, rounded))
            base.NormalizeBackward(norm, x, statistics, upstream, into, gainGradient, biasGradient, rounded);
    }

    private static bool IsTaken(in NormParameters norm, Tensor x) =>
        IsDense(x) && IsFloat(norm.Gain) && IsFloat(norm.Bias) && norm.Width > 0;

    // A row's scale; of a centered one its mean first.
    private static long StatisticsOf(in NormParameters norm, Tensor x) => x.NumberOfElements / norm.Width * (norm.IsCentered ? 2 : 1);

    private Tensor Statistics(in NormParameters norm, Tensor x) => Allocate([StatisticsOf(norm, x)], ScalarType.Float32, x.device);

    private bool TryNormalize(in NormParameters norm, Tensor x, Tensor? addend, Tensor? sum, Tensor output, Tensor statistics)
    {
        var width = norm.Width;
        var rows = x.NumberOfElements / width;
        if (rows == 0)
            return true;
        var bias = norm.IsCentered ? norm.Bias : null;
        var pack = Narrowed(PackOf([x, addend, sum, output], width), [norm.Gain, bias]);
        var layout = RowLayout.Forward(width, pack);
        var constants =
            $"STREAM={NameOf(x.dtype)} ADDEND={NameOf((addend ?? x).dtype)} OUTPUT={NameOf(output.dtype)} WIDTH={width} "
            + $"CENTERED={Flag(norm.IsCentered)} ADDS={Flag(addend is not null)} BIAS={Flag(bias is not null)} {layout.Constants}";
        var isLaunched = launcher.Launch(
            new KernelVariant("Norm", "normalize", constants),
            layout.Grid(rows),
            At(x),
            At(addend),
            At(sum),
            At(norm.Gain),
            At(bias),
            At(output),
            At(statistics),
            (float)norm.Epsilon,
            rows
        );
        KeepAlive(x, addend, sum, norm.Gain, bias, output, statistics);
        return isLaunched;
    }

    private bool TryDifferentiate(
        in NormParameters norm,
        Tensor x,
        Tensor statistics,
        Tensor upstream,
        Tensor into,
        Tensor? gainGradient,
        Tensor? biasGradient,
        Tensor? rounded
    )
    {
        var width = norm.Width;
        var rows = x.NumberOfElements / width;
        if (rows == 0)
            return true;
        if (!norm.IsCentered)
            biasGradient = null;
        var pack = Narrowed(PackOf([x, upstream, into, rounded], width), [norm.Gain]);
        var layout = RowLayout.Backward(width, pack);
        var grid = layout.Grid(rows) with { Blocks = Math.Min(layout.Grid(rows).Blocks, Math.Max(1, ThreadsAtOnce / layout.Threads)) };
        var columns = (Flag(gainGradient is not null) + Flag(biasGradient is not null)) * width;
        using var partial = Allocate([grid.Blocks, columns], ScalarType.Float32, x.device);
        var constants =
            $"STREAM={NameOf(x.dtype)} UPSTREAM={NameOf(upstream.dtype)} INTO={NameOf(into.dtype)} ROUNDED={NameOf((rounded ?? into).dtype)} "
            + $"WIDTH={width} CENTERED={Flag(norm.IsCentered)} ROUNDS={Flag(rounded is not null)} GAIN_SUMS={Flag(gainGradient is not null)} "
            + $"BIAS_SUMS={Flag(biasGradient is not null)} {layout.Constants}";
        var isLaunched = launcher.Launch(
            new KernelVariant("NormBackward", "normalizeBackward", constants),
            grid,
            At(x),
            At(statistics),
            At(norm.Gain),
            At(upstream),
            At(into),
            At(rounded),
            At(partial),
            rows
        );
        KeepAlive(x, statistics, norm.Gain, upstream, into, rounded);
        if (isLaunched && columns > 0)
            AddColumns(partial, gainGradient, biasGradient, width);
        return isLaunched;
    }

    private void AddColumns(Tensor partial, Tensor? gainGradient, Tensor? biasGradient, long width)
    {
        var (rows, columns) = (partial.shape[0], partial.shape[1]);
        var gains = gainGradient is null ? 0 : width;
        var isLaunched = launcher.Launch(
            new KernelVariant("ColumnSums", "addColumns", $"COLUMNS={columns} GAINS={gains}"),
            new KernelGrid(Pieces(columns, 32), 1024),
            At(partial),
            At(gainGradient),
            At(biasGradient),
            rows
        );
        KeepAlive(gainGradient, biasGradient);
        if (isLaunched)
            return;
        // The gradient of the input is there already: only this is left to libtorch.
        using var noGradient = no_grad();
        using var sums = partial.sum([0]);
        using var ofGain = sums.narrow(0, 0, gains);
        using var ofBias = sums.narrow(0, gains, columns - gains);
        gainGradient?.AddInPlace(ofGain);
        biasGradient?.AddInPlace(ofBias);
    }
}
