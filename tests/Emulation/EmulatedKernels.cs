using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using LowRank.Cuda;

namespace LowRank.Tests.Emulation;

/// <summary>Kernels compiled for the CPU, each text once in a process.</summary>
internal static unsafe partial class EmulatedKernels
{
    private static readonly Dictionary<(string Name, string Text), nint> Functions = [];
    private static readonly byte* Stacks = (byte*)NativeMemory.AlignedAlloc(1024 * (1 << 16), 4096);

    // A library has one set of threads and one shared memory.
    private static readonly Lock Gate = new();

    /// <summary>Compiles some kernels at once, which takes less time than one after the other.</summary>
    public static void Prepare(IEnumerable<(KernelVariant Kernel, string Text)> kernels)
    {
        lock (Gate)
        {
            var missing = kernels.Select(kernel => (kernel.Kernel.Name, kernel.Text)).Distinct().Where(key => !Functions.ContainsKey(key));
            Compile([.. missing]);
        }
    }

    /// <summary>Runs a kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="text">Its whole text.</param>
    /// <param name="grid">How many threads run it.</param>
    /// <param name="order">In which order.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What is wrong; null: nothing.</returns>
    public static string? Run(
        in KernelVariant kernel,
        string text,
        in KernelGrid grid,
        ThreadOrder order,
        ReadOnlySpan<KernelArgument> arguments
    )
    {
        lock (Gate)
        {
            if (!Functions.ContainsKey((kernel.Name, text)))
                Compile([(kernel.Name, text)]);
            var run = (delegate* unmanaged<KernelArgument*, long, int, int, byte*, byte*>)Functions[(kernel.Name, text)];
            fixed (KernelArgument* first = arguments)
                return Marshal.PtrToStringUTF8((nint)run(first, grid.Blocks, grid.Threads, (int)order, Stacks));
        }
    }

    private static void Compile((string Name, string Text)[] kernels)
    {
        if (kernels.Length == 0)
            return;
        // Kernels that share a text are compiled together.
        string[] texts = [.. kernels.Select(kernel => kernel.Text).Distinct()];
        var folder = Directory.CreateTempSubdirectory("lowrank-emulation-").FullName;
        try
        {
            var library = NativeLibrary.Load(CppCompiler.Compile(Unit(texts), folder));
            foreach (var (index, text) in texts.Index())
            {
                foreach (var name in NamesIn(text))
                    Functions[(name, text)] = NativeLibrary.GetExport(library, $"run_{index}_{name}_{index}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // One text of all of them: each in a namespace, its kernels under names of their own, and its macros gone behind it.
    private static string Unit(string[] texts)
    {
        var unit = new StringBuilder(Prelude());
        foreach (var (index, text) in texts.Index())
        {
            var names = NamesIn(text);
            unit.Append('\n');
            foreach (var name in names)
                unit.AppendLine($"#define {name} {name}_{index}");
            unit.AppendLine($"#define SHARED_SECTION \"shared_{index}\"").AppendLine($"namespace variant_{index} {{").AppendLine(text);
            unit.AppendLine("}");
            foreach (var name in names)
                unit.AppendLine($"RUN({index}, {name})");
            foreach (var macro in Macros().Matches(text).Select(match => match.Groups[1].Value).Concat(names).Append("SHARED_SECTION"))
                unit.AppendLine($"#undef {macro}");
        }

        return unit.ToString();
    }

    private static List<string> NamesIn(string text) => [.. Names().Matches(text).Select(match => match.Groups[1].Value)];

    private static string Prelude()
    {
        using var stream = typeof(EmulatedKernels).Assembly.GetManifestResourceStream("Emulation/Prelude.h")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^#define (\w+)", RegexOptions.Multiline)]
    private static partial Regex Macros();

    [GeneratedRegex(@"extern ""C"" __global__ void (?:__launch_bounds__\([^)]*\) )?(\w+)\(")]
    private static partial Regex Names();
}
