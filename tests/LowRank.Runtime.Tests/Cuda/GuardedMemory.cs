using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>
/// Tensors between elements that nobody may write, all NaN at first: what is written beyond them, left out or read too much is noticed.
/// </summary>
internal sealed unsafe class GuardedMemory : IDisposable
{
    private const int Guard = 512;

    // A signaling NaN in bfloat16, and twice in 32 bits: whatever is computed from it is a NaN of other bits, and noticed where it is
    // written back. In 64 bits it is a very large number.
    private const ushort Untouched = 0x7fa0;

    private readonly List<(Tensor Whole, long First, long End)> places = [];
    private readonly List<Tensor> tensors = [];

    /// <summary>A tensor whose elements are not set.</summary>
    public Tensor Empty(long[] shape, ScalarType type, Device device) => Place(shape, type, offset: 0);

    /// <summary>A tensor of some values.</summary>
    /// <param name="values">They are rounded to the type.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="type">Its type.</param>
    /// <param name="offset">By how many elements it stands off a multiple of 64 bytes.</param>
    public Tensor Of(double[] values, long[] shape, ScalarType type, int offset = 0)
    {
        var tensor = Place(shape, type, offset);
        var address = TensorMemory.AddressOnDevice(tensor);
        for (var i = 0; i < values.Length; i++)
        {
            if (type == ScalarType.Float32)
                ((float*)address)[i] = (float)values[i];
            else if (type == ScalarType.BFloat16)
                ((ushort*)address)[i] = Rounded.Bits(values[i]);
            else if (type == ScalarType.Int64)
                ((long*)address)[i] = (long)values[i];
            else
                ((double*)address)[i] = values[i];
        }

        return tensor;
    }

    /// <summary>The elements of a contiguous tensor.</summary>
    public static double[] Read(Tensor tensor)
    {
        Assert.True(tensor.is_contiguous());
        var (address, type) = ((nint)TensorMemory.AddressOnDevice(tensor), tensor.dtype);
        var values = new double[tensor.NumberOfElements];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = type switch
            {
                ScalarType.Float32 => ((float*)address)[i],
                ScalarType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)((ushort*)address)[i] << 16),
                ScalarType.Float64 => ((double*)address)[i],
                _ => throw new ArgumentException($"{type} isn't read here."),
            };
        }

        GC.KeepAlive(tensor);
        return values;
    }

    /// <summary>Nothing was written beside a tensor.</summary>
    public void AssertIntact()
    {
        foreach (var (whole, first, end) in places)
        {
            var address = (ushort*)TensorMemory.AddressOnDevice(whole);
            var words = whole.NumberOfElements * whole.ElementSize / 2;
            for (long i = 0; i < words; i++)
                Assert.True((i >= first && i < end) || address[i] == Untouched, "An element beside a tensor was written.");
            GC.KeepAlive(whole);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in tensors)
            tensor.Dispose();
    }

    private Tensor Place(long[] shape, ScalarType type, int offset)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        var whole = empty(count + 2 * Guard + offset, type);
        var size = whole.ElementSize / 2;
        new Span<ushort>(TensorMemory.AddressOnDevice(whole), (int)(whole.NumberOfElements * size)).Fill(Untouched);
        using var place = whole.narrow(0, Guard + offset, count);
        var tensor = place.view(shape);
        places.Add((whole, (Guard + offset) * size, (Guard + offset + count) * size));
        tensors.AddRange(whole, tensor);
        // The caller may dispose what it was given.
        return tensor.alias();
    }
}
