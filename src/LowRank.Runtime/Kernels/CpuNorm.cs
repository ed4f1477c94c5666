using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>Norms by the kernels of the CPU: from tensors to addresses, types and sizes.</summary>
internal static unsafe class CpuNorm
{
    /// <summary>Whether the kernels take the tensors.</summary>
    public static bool Takes(in NormParameters norm, Tensor x, ScalarType outputType) =>
        norm.Gain.dtype == ScalarType.Float32
        && norm.Bias is null or { dtype: ScalarType.Float32 }
        && outputType is ScalarType.Float32 or ScalarType.BFloat16
        && TensorMemory.IsFusable(x);

    /// <summary>Normalizes x, or x with an addend, whose sum is left in a place of x's type.</summary>
    public static Tensor Forward(
        in NormParameters norm,
        Tensor x,
        Tensor? addend,
        Tensor? sum,
        ScalarType outputType,
        out Tensor statistics
    )
    {
        var rows = x.NumberOfElements / norm.Width;
        statistics = empty(norm.IsCentered ? 2 * rows : rows, ScalarType.Float32);
        var output = ActivationMemory.Empty(x.shape, outputType, x.device);
        if (rows == 0)
            return output;
        var kernel = new ForwardKernel(
            TensorMemory.Address(x),
            addend is null ? null : TensorMemory.Address(addend),
            sum is null ? null : TensorMemory.Address(sum),
            addend?.dtype == ScalarType.BFloat16,
            TensorMemory.Address(output),
            (float*)TensorMemory.Address(statistics),
            new Parameters(norm),
            rows
        );
        ElementTypes.Run(kernel, x.dtype, outputType);
        return output;
    }

    /// <summary>The backward pass.</summary>
    public static void Backward(
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
        var rows = x.NumberOfElements / norm.Width;
        if (rows == 0)
            return;
        var kernel = new BackwardKernel(
            TensorMemory.Address(x),
            (float*)TensorMemory.Address(statistics),
            TensorMemory.Address(upstream),
            TensorMemory.Address(into),
            gainGradient is null ? null : (float*)TensorMemory.Address(gainGradient),
            biasGradient is null ? null : (float*)TensorMemory.Address(biasGradient),
            rounded is null ? null : TensorMemory.Address(rounded),
            new Parameters(norm),
            rows
        );
        ElementTypes.Run(kernel, x.dtype, upstream.dtype);
    }

    private readonly struct Parameters(in NormParameters norm)
    {
        public readonly float* Gain = (float*)TensorMemory.Address(norm.Gain);
        public readonly float* Bias = norm.Bias is null ? null : (float*)TensorMemory.Address(norm.Bias);
        public readonly long Width = norm.Width;
        public readonly double Epsilon = norm.Epsilon;
        public readonly bool IsCentered = norm.IsCentered;
    }

    private readonly struct ForwardKernel(
        byte* x,
        byte* addend,
        byte* sum,
        bool addsHalves,
        byte* output,
        float* statistics,
        Parameters norm,
        long rows
    ) : IElementPairKernel
    {
        private readonly byte* x = x;
        private readonly byte* addend = addend;
        private readonly byte* sum = sum;
        private readonly byte* output = output;
        private readonly float* statistics = statistics;

        public void Run<TIn, TOut>()
            where TIn : IElement
            where TOut : IElement
        {
            if (addend is null)
                Run<TIn, TIn, TOut>();
            else if (addsHalves)
                Run<TIn, BFloat16Element, TOut>();
            else
                Run<TIn, Float32Element, TOut>();
        }

        private void Run<TIn, TAddend, TOut>()
            where TIn : IElement
            where TAddend : IElement
            where TOut : IElement
        {
            var my = this;
            var width = norm.Width;
            Chunks.For(
                rows,
                width,
                (_, first, end) =>
                {
                    for (var row = first; row < end; row++)
                    {
                        var input = my.x + row * width * TIn.Size;
                        if (my.addend is not null)
                        {
                            var place = my.sum + row * width * TIn.Size;
                            RowKernel.Add<TIn, TAddend>(input, my.addend + row * width * TAddend.Size, place, width);
                            input = place;
                        }

                        my.Normalize<TIn, TOut>(input, row);
                    }
                }
            );
        }

        private void Normalize<TIn, TOut>(byte* input, long row)
            where TIn : IElement
            where TOut : IElement
        {
            var result = output + row * norm.Width * TOut.Size;
            if (norm.IsCentered)
            {
                (statistics[2 * row], statistics[2 * row + 1]) = LayerNormKernel.NormalizeRow<TIn, TOut>(
                    input,
                    norm.Gain,
                    norm.Bias,
                    result,
                    norm.Width,
                    norm.Epsilon
                );
            }
            else
                statistics[row] = RmsNormKernel.NormalizeRow<TIn, TOut>(input, norm.Gain, result, norm.Width, norm.Epsilon);
        }
    }

    private readonly struct BackwardKernel(
        byte* x,
        float* statistics,
        byte* upstream,
        byte* into,
        float* gainGradient,
        float* biasGradient,
        byte* rounded,
        Parameters norm,
        long rows
    ) : IElementPairKernel
    {
        private readonly byte* x = x;
        private readonly float* statistics = statistics;
        private readonly byte* upstream = upstream;
        private readonly byte* into = into;
        private readonly float* gainGradient = gainGradient;
        private readonly float* biasGradient = biasGradient;
        private readonly byte* rounded = rounded;

        public void Run<TIn, TOut>()
            where TIn : IElement
            where TOut : IElement
        {
            var (gain, width) = ((nint)norm.Gain, norm.Width);
            if (norm.IsCentered)
                LayerNormKernel.Backward<TIn, TOut>(
                    x,
                    (float*)gain,
                    statistics,
                    upstream,
                    into,
                    gainGradient,
                    biasGradient,
                    rounded,
                    rows,
                    width
                );
            else
                RmsNormKernel.Backward<TIn, TOut>(x, (float*)gain, statistics, upstream, into, gainGradient, rounded, rows, width);
        }
    }
}
