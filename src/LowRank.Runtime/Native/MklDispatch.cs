using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace LowRank.Native;

/// <summary>
/// Lets libtorch's matrix products use on AMD processors the code that they use on Intel's. The Intel MKL inside libtorch asks
/// <c>mkl_serv_intel_cpu_true</c> who made the processor and takes a slower path for all others, whatever instructions they have; the
/// answer is held in one variable, which is set here before it is asked for. MKL still looks for itself which instructions there are.
/// The environment variable <c>LOWRANK_MKL_AMD=0</c> leaves MKL as it is.
/// </summary>
internal static unsafe class MklDispatch
{
    private const string Switch = "LOWRANK_MKL_AMD";
    private const string Library = "libtorch_cpu.so";
    private static readonly Lock Gate = new();
    private static bool applied;

    /// <summary>Sets the answer, once. Has to run before the first matrix product; later it does nothing useful and no harm.</summary>
    /// <returns>Whether it was set, now or before.</returns>
    public static bool Apply()
    {
        lock (Gate)
        {
            if (applied || !IsWanted())
                return applied;
            foreach (var folder in TorchLibrary.Folders())
            {
                var path = Path.Combine(folder, Library);
                if (File.Exists(path) && NativeLibrary.TryLoad(path, out var library))
                {
                    if (NativeLibrary.TryGetExport(library, "mkl_serv_intel_cpu_true", out var function))
                        applied = SetAnswer((byte*)function);
                    return applied;
                }
            }

            return false;
        }
    }

    // "mov eax, [rip + offset]; test eax, eax; js +1; ret": the variable is read, and returned unless it is negative. Any other code is
    // left alone: then MKL isn't the one that this was written for.
    internal static int* FindAnswer(byte* function)
    {
        ReadOnlySpan<byte> afterOffset = [0x85, 0xc0, 0x78, 0x01, 0xc3];
        var code = new ReadOnlySpan<byte>(function, 11);
        if (code[0] != 0x8b || code[1] != 0x05 || !code[6..].SequenceEqual(afterOffset))
            return null;
        return (int*)(function + 6 + MemoryMarshal.Read<int>(code[2..]));
    }

    private static bool SetAnswer(byte* function)
    {
        var answer = FindAnswer(function);
        if (answer is null || *answer is < -1 or > 1)
            return false;
        *answer = 1;
        return true;
    }

    private static bool IsWanted()
    {
        if (!OperatingSystem.IsLinux() || !X86Base.IsSupported || !Avx2.IsSupported || !Fma.IsSupported)
            return false;
        if (Environment.GetEnvironmentVariable(Switch) == "0")
            return false;
        var (_, b, c, d) = X86Base.CpuId(0, 0);
        return (b, d, c) == (0x68747541, 0x69746e65, 0x444d4163); // "Auth", "enti", "cAMD"
    }
}
