namespace LowRank.Cuda;

/// <summary>From a kernel's text to what one kind of card runs.</summary>
/// <param name="nvrtc">The compiler.</param>
/// <param name="architecture">The kind of card.</param>
/// <param name="cache">Where results are kept.</param>
internal sealed class KernelCompiler(Nvrtc nvrtc, KernelArchitecture architecture, KernelCache cache)
{
    /// <summary>Changed when files of the cache are to be laid out otherwise.</summary>
    private const string CacheFormat = "1";

    // --fmad=true, the default, makes one instruction of a product and the sum it goes into, with one rounding in the place of two: a
    // result equals that of a processor without such instructions to rounding, not to the last bit. Divisions, square roots and subnormal
    // numbers stay exact (--prec-div, --prec-sqrt, --ftz at their defaults): never --use_fast_math, which gives all of them up.
    private readonly string[] options = [$"--gpu-architecture={architecture.Name}", "--std=c++17", "--fmad=true"];

    /// <summary>The compiler.</summary>
    public Nvrtc Nvrtc => nvrtc;

    /// <summary>Reads a kernel from the cache, or compiles it.</summary>
    /// <param name="kernel">The kernel; what else its text has is compiled with it.</param>
    /// <param name="text">The whole text.</param>
    /// <param name="isKept">Whether it comes from the cache.</param>
    /// <returns>A cubin or PTX.</returns>
    /// <exception cref="NvrtcException">It doesn't compile; the message has NVRTC's log, the file and the constants.</exception>
    public byte[] Get(in KernelVariant kernel, string text, out bool isKept)
    {
        var image = cache.Read(NameOf(kernel, text));
        isKept = image is not null;
        return image ?? Compile(kernel, text);
    }

    /// <summary>Compiles a kernel, whatever the cache has, and puts it there.</summary>
    /// <inheritdoc cref="Get"/>
    public byte[] Compile(in KernelVariant kernel, string text)
    {
        try
        {
            var image = nvrtc.Compile(text, $"{kernel.File}.cu", options, architecture.IsVirtual);
            cache.Write(NameOf(kernel, text), image);
            return image;
        }
        catch (NvrtcException exception)
        {
            throw exception.While($"{kernel.File}.cu with {kernel.Constants} for {architecture.Name}");
        }
    }

    private string NameOf(in KernelVariant kernel, string text) =>
        $"{kernel.File}-{KernelCache.Key(CacheFormat, nvrtc.Version.ToString(), string.Join(' ', options), text)}";
}
