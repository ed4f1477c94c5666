using Spectre.Console;

namespace LowRank.Training.CommandLine;

/// <summary>Where the program writes: results to standard output, everything else to standard error.</summary>
internal sealed class AppConsole
{
    // Wide enough for every table; only a terminal has a width of its own.
    private const int WidthWithoutTerminal = 200;

    public AppConsole(TextWriter output, TextWriter error, TextReader input)
    {
        // Several runs of an experiment speak at once.
        (Output, Error, Input) = (output, TextWriter.Synchronized(error), input);
        Results = Create(output, ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected);
        Progress = Create(error, ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected);
    }

    /// <summary>Standard output.</summary>
    public TextWriter Output { get; }

    /// <summary>Standard error.</summary>
    public TextWriter Error { get; }

    /// <summary>Standard input.</summary>
    public TextReader Input { get; }

    /// <summary>Standard output with tables and colours, as far as it is a terminal.</summary>
    public IAnsiConsole Results { get; }

    /// <summary>Standard error with a display that is redrawn, as far as it is a terminal that can.</summary>
    public IAnsiConsole Progress { get; }

    private static IAnsiConsole Create(TextWriter writer, bool terminal)
    {
        var redrawable = terminal && !IsSet("CI") && Environment.GetEnvironmentVariable("TERM") != "dumb";
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = redrawable ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = redrawable ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = redrawable ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!terminal)
            console.Profile.Width = WidthWithoutTerminal;
        // Borders and bars are drawn with characters that every UTF-8 log can show.
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    private static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value && value is not ("0" or "false");
}
