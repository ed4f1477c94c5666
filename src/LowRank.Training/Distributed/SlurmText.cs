using System.Globalization;

namespace LowRank.Training.Distributed;

/// <summary>The short forms in which Slurm lists machines and their tasks.</summary>
internal static class SlurmText
{
    /// <summary>The number of tasks of a machine.</summary>
    /// <param name="list">Tasks of each machine in turn, such as <c>4(x2),1</c>: four, four, one.</param>
    /// <param name="node">The machine, from 0.</param>
    /// <returns>Null where the list doesn't say.</returns>
    public static int? TasksOfNode(string list, int node)
    {
        foreach (var part in list.Split(','))
        {
            var (tasks, machines) = (part, "1");
            if (part.IndexOf("(x", StringComparison.Ordinal) is > 0 and var at && part.EndsWith(')'))
                (tasks, machines) = (part[..at], part[(at + 2)..^1]);
            if (
                !int.TryParse(tasks, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                || !int.TryParse(machines, NumberStyles.None, CultureInfo.InvariantCulture, out var repeated)
            )
                return null;
            if (node < repeated)
                return count;
            node -= repeated;
        }

        return null;
    }

    /// <summary>The first machine of a list.</summary>
    /// <param name="list">Such as <c>node[001-004,007],login</c>.</param>
    /// <returns>Null for an empty list.</returns>
    public static string? FirstHost(string list)
    {
        var open = list.IndexOf('[', StringComparison.Ordinal);
        var comma = list.IndexOf(',', StringComparison.Ordinal);
        if (open < 0 || (comma >= 0 && comma < open))
            return comma < 0 ? Named(list) : Named(list[..comma]);
        var end = list.IndexOfAny([',', '-', ']'], open);
        return end < 0 ? null : list[..open] + list[(open + 1)..end];

        static string? Named(string host) => host.Length == 0 ? null : host;
    }
}
