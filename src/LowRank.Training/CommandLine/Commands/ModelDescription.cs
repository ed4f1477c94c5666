using LowRank.Training.CommandLine.Diagrams;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>What a page shows of a model.</summary>
/// <param name="Name">The shortest name that means it alone.</param>
/// <param name="Summary">Its summary, or an empty text.</param>
/// <param name="Tables">What it costs.</param>
/// <param name="Diagram">Its parts as an SVG document; null where they are too many to be drawn.</param>
internal sealed record ModelDescription(string Name, string Summary, IReadOnlyList<DescriptionTable> Tables, string? Diagram)
{
    /// <summary>The description of a model of this program.</summary>
    public static ModelDescription Of(ModelEntry entry, DescriptionRequest request) =>
        new(ModelNames.Short(entry), entry.Summary, [.. DescriptionTables.Of(entry, request)], Drawn(entry));

    private static string? Drawn(ModelEntry entry) => ModelDiagram.CanDraw(entry) ? SvgDiagram.Write(ModelDiagram.Of(entry)) : null;
}
