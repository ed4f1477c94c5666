using System.Text;
using Spectre.Console;

namespace LowRank.Training.CommandLine;

/// <summary>Where the program writes: results to standard output, everything else to standard error.</summary>
internal sealed class AppConsole
{
    // Wide enough for every table; only a terminal has a width of its own.
    private const int WidthWithoutTerminal = 200;

    private readonly TextReader? input;
    private readonly Action<bool> silence;

    public AppConsole(TextWriter output, TextWriter error, TextReader? input)
    {
        // A run outlives those who read what it says.
        var results = new LastingWriter(output);
        var messages = new LastingWriter(error);
        silence = isSilent => messages.IsSilent = isSilent;
        // Several runs of an experiment speak at once.
        (Output, Error, this.input) = (results, TextWriter.Synchronized(messages), input);
        IsInteractive = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
        Results = Create(output, results, ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected);
        Progress = Create(error, messages, IsInteractive);
    }

    /// <summary>Whether somebody reads the messages on a terminal.</summary>
    public bool IsInteractive { get; }

    /// <summary>
    /// Why results could not be written to standard output; null where all were. A reader that has ended by itself wanted no more.
    /// </summary>
    public Exception? LostResults => ((LastingWriter)Output).Failure;

    /// <summary>Writes nothing from now on: another process says it.</summary>
    public void Silence()
    {
        ((LastingWriter)Output).IsSilent = true;
        silence(true);
    }

    /// <summary>Says something on standard error even so.</summary>
    public void Speak(string sentence)
    {
        var isSilent = ((LastingWriter)Output).IsSilent;
        silence(false);
        Error.WriteLine(sentence);
        Error.Flush();
        silence(isSilent);
    }

    /// <summary>Standard output.</summary>
    public TextWriter Output { get; }

    /// <summary>Standard error.</summary>
    public TextWriter Error { get; }

    /// <summary>Standard input.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public TextReader Input =>
        input ?? throw new InputException("There is no standard input to read: it is closed. Give it a file or a pipe, or leave - out.");

    /// <summary>Standard input as bytes; whoever reads it reads all of it.</summary>
    public Stream OpenInput() =>
        ReferenceEquals(Input, Console.In) ? Console.OpenStandardInput() : new MemoryStream(Encoding.UTF8.GetBytes(Input.ReadToEnd()));

    /// <summary>Standard output with tables and colors, as far as it is a terminal.</summary>
    public IAnsiConsole Results { get; }

    /// <summary>Standard error with a display that is redrawn, as far as it is a terminal that can.</summary>
    public IAnsiConsole Progress { get; }

    // What the terminal can is asked of the terminal itself; what is written goes through the writer that outlives it.
    private static IAnsiConsole Create(TextWriter stream, TextWriter writer, bool terminal)
    {
        var redrawable = terminal && !IsSet("CI") && Environment.GetEnvironmentVariable("TERM") != "dumb";
        var seen = redrawable ? Create(stream, AnsiSupport.Detect, ColorSystemSupport.Detect).Profile.Capabilities : null;
        var console = Create(writer, seen is { Ansi: true } ? AnsiSupport.Yes : AnsiSupport.No, ColorSystemSupport.NoColors);
        if (seen is not null)
            (console.Profile.Capabilities.ColorSystem, console.Profile.Capabilities.Interactive) = (seen.ColorSystem, true);
        if (!terminal)
            console.Profile.Width = WidthWithoutTerminal;
        // Borders and bars are drawn with characters that every UTF-8 log can show.
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    private static IAnsiConsole Create(TextWriter writer, AnsiSupport ansi, ColorSystemSupport colors) =>
        AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = ansi,
                ColorSystem = colors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
            }
        );

    private static bool IsSet(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value && value is not ("0" or "false");
}
