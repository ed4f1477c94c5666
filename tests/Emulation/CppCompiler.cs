using System.Diagnostics;

namespace LowRank.Tests.Emulation;

/// <summary>A C++ compiler, where this machine has one.</summary>
public static class CppCompiler
{
    /// <summary>Why a test was skipped.</summary>
    public const string Missing = "neither g++ nor clang++";

    // Unoptimized: the kernels of all tests take seconds to compile so, and their tests are small. Addresses that an access of a GPU
    // doesn't take, and indices beyond an array, are told by the prelude.
    private const string Options = "-std=c++17 -O0 -fPIC -w -ffp-contract=off -fsanitize=alignment,bounds";

    private static readonly string? Name = new[] { "g++", "clang++" }.FirstOrDefault(name => Run(name, "--version") is (0, _));

    /// <summary>Asked for by name where a test is skipped.</summary>
    public static bool IsThere => Name is not null;

    /// <summary>Compiles a text to a shared library.</summary>
    /// <param name="text">The text.</param>
    /// <param name="folder">Where text and library go.</param>
    /// <returns>Path of the library.</returns>
    public static string Compile(string text, string folder)
    {
        var path = Path.Combine(folder, "kernels");
        File.WriteAllText($"{path}.cpp", text);
        Check(Run(Name!, $"{Options} -c {path}.cpp -o {path}.o"));
        // Linked without the sanitizer's options, and so without its library: the prelude is all of it.
        Check(Run(Name!, $"-shared {path}.o -o {path}.so"));
        return $"{path}.so";
    }

    private static void Check((int ExitCode, string Errors) result)
    {
        if (result.ExitCode != 0)
            throw new InvalidOperationException($"{Name} refuses the kernels: {result.Errors}");
    }

    private static (int ExitCode, string Errors) Run(string file, string arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(file, arguments) { RedirectStandardError = true, RedirectStandardOutput = true }
            )!;
            process.OutputDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, errors);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return (-1, exception.Message);
        }
    }
}
