using System.Globalization;

namespace LowRank.Training.CommandLine.Watching;

/// <summary>What a watch says in sentences, on its page and on the terminal.</summary>
internal static class WatchWords
{
    // So many names fit into a sentence.
    private const int Shown = 3;

    /// <summary>What has happened last, and since when the figures are what they are.</summary>
    /// <param name="state">What the page shows.</param>
    /// <param name="changes">How many figures are marked on it.</param>
    public static string Status(WatchState state, int changes) =>
        state switch
        {
            { IsBuilding: true, Saved: { } save } => $"{Saved(save)}: building …",
            { IsBuilding: true } => "Building what is saved …",
            { Errors.Count: > 0, Saved: { } save } => $"{Saved(save)}: not built. The figures are {Since(state)}.",
            { Errors.Count: > 0 } => $"What is saved can't be built. The figures are {Since(state)}.",
            { Saved: { } save, Described: { } described } when save == described => $"{Saved(save)}: {Changes(changes)}.",
            { Saved: { } save } => $"{Saved(save)}: no figure changed{(changes > 0 ? $"; marked is what changed {Marked(state)}" : "")}.",
            _ => changes > 0 ? $"Since the program was built: {Changes(changes)}." : "The figures are those of what is saved.",
        };

    /// <summary>The same for a terminal, with every error.</summary>
    public static string Said(WatchState state) =>
        string.Join(
            Environment.NewLine,
            state
                .Errors.Select(error =>
                    $"  {(error.Place is { } place ? $"{place}: " : "")}{(error.Code is { } code ? $"{code}: " : "")}{error.Text}"
                )
                .Prepend(Status(state, state.Models.Models.Sum(model => new ComparedModel(model, state).Changes)))
        );

    /// <summary>So many changes.</summary>
    public static string Changes(int count) => count == 1 ? "1 change" : string.Create(CultureInfo.InvariantCulture, $"{count} changes");

    /// <summary>Models that were declared before.</summary>
    public static IEnumerable<string> Gone(WatchState state) =>
        state.Before is { } before ? before.Models.Select(model => model.Name).Except(state.Models.Models.Select(model => model.Name)) : [];

    /// <summary>Whose figures are shown.</summary>
    public static string Since(WatchState state) =>
        state.Described is { } save ? $"those of {Time(save.At)}" : "those of the program as it was started";

    private static string Marked(WatchState state) => state.Described is { } save ? $"at {Time(save.At)}" : "since the program was built";

    private static string Saved(Save save)
    {
        var names = string.Join(", ", save.Files.Take(Shown));
        var more = save.Files.Count > Shown ? string.Create(CultureInfo.InvariantCulture, $" and {save.Files.Count - Shown} more") : "";
        return $"{names}{more} saved at {Time(save.At)}";
    }

    private static string Time(DateTime at) => at.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
