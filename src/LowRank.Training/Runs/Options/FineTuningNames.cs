using LowRank.Training.Wording;

namespace LowRank.Training.Runs.Options;

/// <summary>What the values of fine-tuning's options are called on the command line.</summary>
internal static class FineTuningNames
{
    private static readonly string[] Roles = ["query", "key", "value", "output", "gate", "up", "down", "query_down", "key_value_down"];

    /// <summary>The names of projections.</summary>
    public static string Of(Projections projections) =>
        projections == LowRank.Projections.All
            ? "all"
            : string.Join(',', Roles.Where(role => (LinearRole.ProjectionOf(role) & projections) != 0));

    /// <summary>The projections of names that commas separate.</summary>
    /// <exception cref="InputException">There is no such projection.</exception>
    public static Projections Projections(string names)
    {
        var all = (Projections)0;
        foreach (var name in names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var projection = string.Equals(name, "all", StringComparison.OrdinalIgnoreCase)
                ? LowRank.Projections.All
                : LinearRole.ProjectionOf(name.ToLowerInvariant());
            if (projection == 0)
            {
                throw InputException.Naming(
                    $"{new OptionName(nameof(FineTuningOptions.Projections))} takes query, key, value, output, gate, up, down, query_down and key_value_down, not '{name}'."
                );
            }

            all |= projection;
        }

        return all;
    }

    /// <summary>The name of a guide.</summary>
    public static string Of(Guide guide) => guide.ToString().ToLowerInvariant();

    /// <summary>The guide of a name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static Guide Guide(string name) =>
        name.ToLowerInvariant() switch
        {
            "mixed" => LowRank.Guide.Mixed,
            "sampled" => LowRank.Guide.Sampled,
            "none" => LowRank.Guide.None,
            _ => throw InputException.Naming(
                $"{new OptionName(nameof(FineTuningOptions.Guide))} takes mixed, sampled or none, not '{name}'."
            ),
        };
}
