using System.Globalization;
using System.Text.RegularExpressions;

namespace LowRank.Training.CommandLine.Watching;

/// <summary>Why there are no new figures.</summary>
/// <param name="File">The file, as it is called from the project's folder; null where it is none's fault.</param>
/// <param name="Line">Its line; null where none is known.</param>
/// <param name="Code">The error's code; null for a sentence without one.</param>
/// <param name="Text">What is wrong.</param>
/// <param name="Help">Where the code is explained; null for nowhere.</param>
internal sealed partial record BuildError(string? File, int? Line, string? Code, string Text, string? Help = null)
{
    /// <summary>Something that has no place in a file.</summary>
    public static BuildError Of(string text) => new(null, null, null, text);

    /// <summary>The errors that a build has printed, each once.</summary>
    /// <param name="output">What it printed.</param>
    /// <param name="project">The project's file, from whose folder files are named.</param>
    public static IReadOnlyList<BuildError> In(string output, string project)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(project))!;
        return
        [
            .. output
                .ReplaceLineEndings("\n")
                .Split('\n')
                .Select(line => Form().Match(line))
                .Where(match => match.Success)
                .Select(Read)
                .Distinct(),
        ];

        BuildError Read(Match match)
        {
            var place = match.Groups["file"].Value.Trim();
            return new(
                // Of the build itself: MSBUILD, NETSDK, CSC.
                place.Length == 0
                || !place.Contains('.')
                    ? null
                    : Path.GetRelativePath(folder, Path.GetFullPath(place, folder)),
                match.Groups["line"] is { Success: true } line ? int.Parse(line.Value, CultureInfo.InvariantCulture) : null,
                match.Groups["code"] is { Success: true } code ? code.Value : null,
                match.Groups["text"].Value.Trim(),
                match.Groups["help"] is { Success: true } help ? help.Value : null
            );
        }
    }

    /// <summary>Where it is, as editors write it.</summary>
    public string? Place => File is null || Line is null ? File : string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}");

    // FILE(LINE,COLUMN): error CODE: TEXT (HELP) [PROJECT]; the middle may be missing, and the project's target framework may stand behind
    // its name.
    [GeneratedRegex(
        @"^\s*(?<file>[^\s].*?)\s*(\((?<line>\d{1,9})(,\d+)*\))?\s*: (?:fatal )?error(?: (?<code>[A-Za-z]+\d+))?\s*: (?<text>.*?)(\s\((?<help>https://[^\s)]+)\))?(\s\[[^\]]*proj(::[^\]]*)?\])?\s*$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant
    )]
    private static partial Regex Form();
}
