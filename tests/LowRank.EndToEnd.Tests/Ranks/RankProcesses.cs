using System.Globalization;

namespace LowRank.EndToEnd.Tests.Ranks;

/// <summary>The processes that an <c>mpirun</c> has started, as Linux lists them.</summary>
internal static class RankProcesses
{
    /// <summary>The ranks' process numbers by rank: those that run by now.</summary>
    public static SortedDictionary<int, int> Of(int mpirun)
    {
        var found = new SortedDictionary<int, int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Parent(id) == mpirun
                && Rank(id) is { } rank
            )
                found[rank] = id;
        }

        return found;
    }

    /// <summary>Whether it runs: one that has ended and that nobody has asked about doesn't.</summary>
    public static bool IsRunning(int process) =>
        Read(process, "stat") is { } text && text[(text.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');

    private static int? Parent(int process) =>
        // The name in parentheses may hold anything; after it come the state and the parent.
        Read(process, "stat") is { } text
            ? int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture)
            : null;

    private static int? Rank(int process)
    {
        const string Variable = "OMPI_COMM_WORLD_RANK=";
        var set = Read(process, "environ")?.Split('\0').FirstOrDefault(one => one.StartsWith(Variable, StringComparison.Ordinal));
        return set is null ? null : int.Parse(set[Variable.Length..], CultureInfo.InvariantCulture);
    }

    private static string? Read(int process, string file)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/{file}"));
            return text.Length == 0 ? null : text;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}
