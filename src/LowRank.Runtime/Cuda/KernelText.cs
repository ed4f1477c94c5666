using System.Text;

namespace LowRank.Cuda;

/// <summary>The texts of the kernels, which lie within the assembly.</summary>
internal static class KernelText
{
    private const string Common = "Common";

    /// <summary>All that is compiled for a variant: its constants, what kernels share, and the text of its file.</summary>
    /// <param name="kernel">The kernel.</param>
    public static string Of(in KernelVariant kernel)
    {
        var text = new StringBuilder();
        foreach (var constant in kernel.Constants.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            text.Append("#define ").Append(constant.Replace('=', ' ')).Append('\n');
        // Messages of the compiler name file and line.
        text.Append("#line 1 \"Common.cu\"\n").Append(Read(Common));
        text.Append("#line 1 \"").Append(kernel.File).Append(".cu\"\n").Append(Read(kernel.File));
        return text.ToString();
    }

    private static string Read(string file)
    {
        var assembly = typeof(KernelText).Assembly;
        using var stream =
            assembly.GetManifestResourceStream($"Kernels/Cuda/{file}.cu")
            ?? throw new ArgumentException($"There is no kernel text {file}.cu.", nameof(file));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
