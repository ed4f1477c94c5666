using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>Layer normalization of one row of 32-bit floats.</summary>
internal static unsafe class LayerNormKernel
{
    /// <summary><c>y = g ⊙ (x − mean(x)) / √(var(x) + ε) + b</c>; b may be null, y may be x.</summary>
    public static void NormalizeRow(float* x, float* gain, float* bias, float* y, long width, double epsilon)
    {
        double sum = 0,
            squares = 0;
        for (long i = 0; i < width; i++)
            sum += x[i];
        var mean = (float)(sum / width);
        for (long i = 0; i < width; i++)
            squares += (double)(x[i] - mean) * (x[i] - mean);
        var scale = (float)(1 / Math.Sqrt(squares / width + epsilon));
        var (shift, factor) = (Vector512.Create(mean), Vector512.Create(scale));
        long at = 0;
        for (; at <= width - Vector512<float>.Count; at += Vector512<float>.Count)
        {
            var result = (Vector512.Load(x + at) - shift) * factor * Vector512.Load(gain + at);
            (bias is null ? result : result + Vector512.Load(bias + at)).Store(y + at);
        }

        for (; at < width; at++)
            y[at] = (x[at] - mean) * scale * gain[at] + (bias is null ? 0 : bias[at]);
    }
}
