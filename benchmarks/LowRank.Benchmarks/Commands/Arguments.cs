using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LowRank.Benchmarks.Commands;

/// <summary>The command line, read.</summary>
/// <param name="Command">What to measure.</param>
/// <param name="Rounds">How often.</param>
/// <param name="Part">A part of it, or null for all.</param>
/// <param name="Json">Whether figures are printed as JSON.</param>
internal sealed record Arguments(Command Command, int Rounds, string? Part, bool Json)
{
    /// <summary>Where is computed, as on the command line of training.</summary>
    public string Device { get; init; } = "cuda";

    /// <summary>A file into which figures are written as JSON, too.</summary>
    public string? Write { get; init; }

    /// <summary>Whether sizes are tiny, to see that everything runs.</summary>
    public bool Quick { get; init; }

    /// <summary>What can be written.</summary>
    public static string Usage { get; } =
        $"""
            Usage: COMMAND [--json] [--rounds N] [--part PART] [--write FILE] [--device NAME] [--quick]

            {string.Join(
                '\n',
                Command.All.Select(command =>
                    $"  {command.Name, -10} {command.Title}{(command.Parts.Length > 0 ? $"; parts: {string.Join(", ", command.Parts)}" : "")}"
                )
            )}

            {string.Join(" and ", Command.All.Where(command => command.TakesDevice).Select(command => command.Name))} take --device (cuda) and --quick: tiny sizes, which measure nothing.

            Every figure is the median of interleaved runs, with its spread; see docs/performance.md.
            """;

    /// <summary>Reads it.</summary>
    /// <param name="args">The words.</param>
    /// <param name="arguments">What they say, or null.</param>
    /// <param name="error">What is wrong with them, or null.</param>
    public static bool TryRead(
        IReadOnlyList<string> args,
        [NotNullWhen(true)] out Arguments? arguments,
        [NotNullWhen(false)] out string? error
    )
    {
        arguments = null;
        var command = args.Count > 0 ? Command.All.FirstOrDefault(known => known.Name == args[0]) : null;
        if (command is null)
        {
            var given = args.Count > 0 ? $"There is no command {args[0]}" : "No command is given";
            error = $"{given}; there are {string.Join(", ", Command.All.Select(known => known.Name))}.";
            return false;
        }

        var read = new Arguments(command, command.Rounds, null, false);
        for (var index = 1; index < args.Count; index++)
        {
            var value = index + 1 < args.Count ? args[index + 1] : null;
            switch (args[index])
            {
                case "--json":
                    read = read with { Json = true };
                    break;
                case "--rounds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds > 0:
                    read = read with { Rounds = rounds };
                    index++;
                    break;
                case "--part" when command.Parts.Contains(value):
                    read = read with { Part = value };
                    index++;
                    break;
                case "--write" when value is not null:
                    read = read with { Write = value };
                    index++;
                    break;
                case "--device" when command.TakesDevice && value is not null:
                    read = read with { Device = value };
                    index++;
                    break;
                case "--quick" when command.TakesDevice:
                    read = read with { Quick = true };
                    break;
                default:
                    error = $"{command.Name} can't be told {args[index]} {value}".TrimEnd() + ".";
                    return false;
            }
        }

        (arguments, error) = (read, null);
        return true;
    }
}
