using LowRank.Kernels;
using LowRank.Layers;

namespace LowRank.Decoding;

/// <summary>The tables of a rotary embedding in the CPU's memory, for one token at a time. The default value turns nothing.</summary>
internal readonly unsafe struct TokenRotation
{
    private readonly float* cosine;
    private readonly float* sine;
    private readonly float* longCosine;
    private readonly float* longSine;
    private readonly long half;
    private readonly long shortContext;

    /// <summary>Takes the tables up; they stay the embedding's.</summary>
    public TokenRotation(RotaryEmbedding? rotary)
    {
        if (rotary is null)
            return;
        half = rotary.Size / 2;
        shortContext = rotary.ShortContext ?? long.MaxValue;
        var (angles, longAngles) = (rotary.AnglesOf(0), rotary.AnglesOf(long.MaxValue));
        cosine = (float*)TensorMemory.Address(angles.Cosine);
        sine = (float*)TensorMemory.Address(angles.Sine);
        longCosine = (float*)TensorMemory.Address(longAngles.Cosine);
        longSine = (float*)TensorMemory.Address(longAngles.Sine);
    }

    /// <summary>Turns heads in place.</summary>
    /// <param name="heads">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="size">Floats from head to head.</param>
    /// <param name="position">Where the token stands, which is the last of its text so far.</param>
    public void Turn(float* heads, int count, long size, long position)
    {
        if (half == 0)
            return;
        var isShort = position < shortContext;
        RotaryKernel.RotateToken<Float32Element>(
            (byte*)heads,
            (isShort ? cosine : longCosine) + position * half,
            (isShort ? sine : longSine) + position * half,
            count,
            size,
            half,
            sign: 1
        );
    }
}
