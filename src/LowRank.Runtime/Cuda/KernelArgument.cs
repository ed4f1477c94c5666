namespace LowRank.Cuda;

/// <summary>An argument of a kernel: a pointer, a 64-bit integer or a 32-bit float, in the lowest bytes of 64 bits.</summary>
internal readonly struct KernelArgument
{
    private KernelArgument(ulong bits) => Bits = bits;

    /// <summary>The value; the kernel reads as many of its lowest bytes as its parameter has.</summary>
    public ulong Bits { get; }

    public static unsafe implicit operator KernelArgument(void* pointer) => new((ulong)pointer);

    public static implicit operator KernelArgument(long value) => new((ulong)value);

    public static implicit operator KernelArgument(float value) => new(BitConverter.SingleToUInt32Bits(value));
}
