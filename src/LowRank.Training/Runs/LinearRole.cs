namespace LowRank.Training.Runs;

/// <summary>Some outputs of a linear layer and what they are.</summary>
/// <param name="Name">The role as a registered name, such as <c>up</c>.</param>
/// <param name="Projection">The role.</param>
/// <param name="FirstOutput">The first of the outputs.</param>
/// <param name="Outputs">How many they are.</param>
internal sealed record LinearRole(string Name, Projections Projection, long FirstOutput, long Outputs)
{
    /// <summary>The role of a registered name.</summary>
    public static Projections ProjectionOf(string name) =>
        name switch
        {
            "query" => Projections.Query,
            "key" => Projections.Key,
            "value" => Projections.Value,
            "output" => Projections.Output,
            "query_down" => Projections.QueryDown,
            "key_value_down" => Projections.KeyValueDown,
            "gate" => Projections.Gate,
            "up" => Projections.Up,
            "down" => Projections.Down,
            _ => 0,
        };
}
