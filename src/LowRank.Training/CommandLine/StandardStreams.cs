using System.Runtime.InteropServices;
using System.Text;

namespace LowRank.Training.CommandLine;

/// <summary>The program's standard streams; one may have been closed by whoever started it, as <c>0&lt;&amp;-</c> does.</summary>
internal static partial class StandardStreams
{
    private const int GetFlags = 1;
    private const int CloseOnExecute = 1;

    /// <summary>Standard input; null where there is none.</summary>
    public static TextReader? Input => IsOpen(0) ? Console.In : null;

    /// <summary>Standard output; where there is none, writing to it fails and says why.</summary>
    public static TextWriter Output => IsOpen(1) ? Console.Out : new Closed();

    /// <summary>Standard error; where there is none, nobody is told anything.</summary>
    public static TextWriter Error => IsOpen(2) ? Console.Error : TextWriter.Null;

    // A closed stream's number goes to the next file that is opened, one of the runtime's own; to read or write there would wait for ever
    // or disturb it. What a program gets from the one that started it can't be closed on execution; what the runtime opens is.
    private static bool IsOpen(int number) =>
        OperatingSystem.IsWindows() || (Control(number, GetFlags) is var flags and >= 0 && (flags & CloseOnExecute) == 0);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int number, int command);

    private sealed class Closed : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("it is closed.");
    }
}
