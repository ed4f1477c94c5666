using System.Diagnostics;
using System.Globalization;
using System.Text;
using LowRank.Training.CommandLine;

namespace LowRank.EndToEnd.Tests.Mutations;

/// <summary>Runs a command over a damaged file and says what is wrong with how it ended.</summary>
internal static class Judge
{
    private const int LongestMessage = 2_048;

    // Of all that a command asks for in turn, most of it buffers of a megabyte; a short fine-tuning takes 300 MB.
    private const long MostAllocated = 1L << 30;

    private const long MostGrowth = 1L << 30;
    private const int MostWaits = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly string[] Internals =
    [
        "Exception",
        "Object reference",
        "(--verbose shows where.)",
        "Nullable object",
        "Parameter '",
        "   at ",
    ];

    /// <summary>Runs it.</summary>
    /// <param name="arguments">The command.</param>
    /// <param name="names">What the message must name, one of them: the file, or its folder.</param>
    /// <returns>The exit code, null where it hangs; and what is wrong, null for nothing.</returns>
    public static (int? Code, string? Complaint) Run(string[] arguments, IReadOnlyCollection<string> names)
    {
        var (code, allocated, text) = (-1, 0L, "");
        using var stop = new CancellationTokenSource();
        using var process = Process.GetCurrentProcess();
        var peak = process.PeakWorkingSet64;
        var thread = new Thread(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            using var output = new StringWriter(CultureInfo.InvariantCulture);
            using var error = new StringWriter(CultureInfo.InvariantCulture);
            code = LowRankApp.RunAsync(arguments, null, output, error, TextReader.Null, stop.Token).GetAwaiter().GetResult();
            text = error.ToString();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        })
        {
            IsBackground = true,
        };
        thread.Start();
        var began = process.TotalProcessorTime;
        var ended = thread.Join(Patience);
        process.Refresh();
        // Where others take the cores, ten seconds of the clock are none of the command's: it has until it got half of them.
        for (var waits = 0; !ended && waits < MostWaits && process.TotalProcessorTime - began < Patience / 2; waits++)
        {
            ended = thread.Join(Patience);
            process.Refresh();
        }

        if (!ended)
        {
            stop.Cancel();
            return (null, $"does not end within {Patience.TotalSeconds} s");
        }

        var growth = process.PeakWorkingSet64 - peak;
        return (code, Complaint(code, text, names, allocated, growth));
    }

    private static string? Complaint(int code, string text, IReadOnlyCollection<string> names, long allocated, long growth)
    {
        if (allocated > MostAllocated || growth > MostGrowth)
            return $"takes {allocated >> 20} MB of managed memory, and {growth >> 20} MB more than ever before in all: {text}";
        if (code == ExitCode.Success)
            return null;
        if (code != ExitCode.WrongInput)
            return $"ends with code {code}: {text}";
        if (Encoding.UTF8.GetByteCount(text) is var bytes and > LongestMessage)
            return $"says {bytes} bytes: {text}";
        if (Internals.FirstOrDefault(word => text.Contains(word, StringComparison.Ordinal)) is { } word)
            return $"says '{word}': {text}";
        return names.Any(name => text.Contains(name, StringComparison.Ordinal)) ? null : $"does not name the file: {text}";
    }
}
