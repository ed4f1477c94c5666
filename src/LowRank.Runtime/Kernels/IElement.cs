using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace LowRank.Kernels;

/// <summary>How a type of elements is read and written; kernels compute in 32-bit floats whatever the storage.</summary>
internal unsafe interface IElement
{
    static abstract Vector512<float> Load(byte* row, long index);

    static abstract void Store(byte* row, long index, Vector512<float> value);

    static abstract float LoadOne(byte* row, long index);

    static abstract void StoreOne(byte* row, long index, float value);

    static abstract int Size { get; }

    static abstract torch.ScalarType Type { get; }
}

/// <summary>32-bit floats.</summary>
internal readonly unsafe struct Float32Element : IElement
{
    public static int Size => sizeof(float);

    public static torch.ScalarType Type => torch.ScalarType.Float32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* row, long index) => Vector512.Load((float*)row + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* row, long index, Vector512<float> value) => value.Store((float*)row + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadOne(byte* row, long index) => ((float*)row)[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreOne(byte* row, long index, float value) => ((float*)row)[index] = value;
}

/// <summary>bfloat16: the upper half of a 32-bit float, rounded to the nearest, ties to even.</summary>
internal readonly unsafe struct BFloat16Element : IElement
{
    public static int Size => sizeof(ushort);

    public static torch.ScalarType Type => torch.ScalarType.BFloat16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* row, long index)
    {
        var halves = Vector256.Load((ushort*)row + index);
        var (low, high) = Vector256.Widen(halves);
        return Vector512.ShiftLeft(Vector512.Create(low, high), 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* row, long index, Vector512<float> value)
    {
        var bits = value.AsUInt32();
        var odd = Vector512.ShiftRightLogical(bits, 16) & Vector512<uint>.One;
        var rounded = Vector512.ShiftRightLogical(bits + Vector512.Create(0x7fffu) + odd, 16);
        Vector256.Narrow(rounded.GetLower(), rounded.GetUpper()).Store((ushort*)row + index);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadOne(byte* row, long index) => BitConverter.UInt32BitsToSingle((uint)((ushort*)row)[index] << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreOne(byte* row, long index, float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        ((ushort*)row)[index] = (ushort)((bits + 0x7fffu + ((bits >> 16) & 1)) >> 16);
    }
}
