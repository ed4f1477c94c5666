using System.Globalization;
using LowRank.Training.Runs;
using LowRank.Training.Scaling;
using LowRank.Training.Wording;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>What each rank of a training holds, sends and computes, the variants side by side.</summary>
internal sealed class RankTables
{
    private const string NotSharded = "sharding none";
    private const string Sharded = "sharding optimizer";

    private readonly ModelEntry entry;
    private readonly RankJob job;
    private readonly IReadOnlyList<RankCost> costs;
    private readonly RankCost? dense;

    private RankTables(ModelEntry entry, RankJob job)
    {
        (this.entry, this.job) = (entry, job);
        costs = RankCost.All(entry, job);
        dense = costs.FirstOrDefault(cost => cost.Variant == Variant.Dense);
    }

    /// <summary>The tables, in the order in which they are read.</summary>
    /// <exception cref="InputException">The optimizer doesn't fit the model.</exception>
    public static IEnumerable<DescriptionTable> Of(ModelEntry entry, RankJob job)
    {
        var tables = new RankTables(entry, job);
        yield return tables.Memory();
        yield return tables.Sending();
        if (job.Links is not null || job.FlopsPerSecond is not null)
            yield return tables.Time();
    }

    private DescriptionTable Memory()
    {
        var table = New($"Memory of each of {Ranks}");
        Add(table, "parameters", cost => cost.ParameterBytes, Quantity.Bytes);
        if (entry.HasGuide())
            Add(table, "effective weights", cost => cost.EffectiveWeightBytes, Quantity.Bytes);
        Add(table, "gradients", cost => cost.GradientBytes, Quantity.Bytes);
        Add(table, $"optimizer state, {NotSharded}", cost => cost.Whole.StateBytes, Quantity.Bytes);
        Add(table, $"optimizer state, {Sharded}: largest share", cost => cost.Sharded.StateBytes, Quantity.Bytes);
        Add(table, "the same if all shares were equal", cost => cost.Sharded.EvenStateBytes, Quantity.Bytes);
        Add(table, $"sum, {NotSharded}", cost => cost.Whole.HeldBytes, Quantity.Bytes);
        Add(table, $"sum, {Sharded}", cost => cost.Sharded.HeldBytes, Quantity.Bytes);
        foreach (var (precision, mixed) in new[] { ("fp32", false), ("bf16", true) })
        {
            if (costs.Any(cost => cost.WorkingBytes(mixed) is not null))
                Add(table, $"beside it: activations and temporaries ({precision})", cost => cost.WorkingBytes(mixed), Quantity.Bytes);
        }

        table.Caption = string.Create(
            CultureInfo.InvariantCulture,
            $"{job.Optimizer.Key()}, 32-bit floats; micro-batches of {costs[0].SequencesPerMicroBatch} sequences of {entry.Cost.Context} tokens{Guided("; guided: while every guide exists")}{MuonsOwn}"
        );
        return table;
    }

    private DescriptionTable Sending()
    {
        var table = New($"Sent by each of {Ranks}");
        var isGaLore = job.Optimizer == OptimizerKind.GaLore;
        Add(table, "gradients reduced in a step (numbers)", cost => cost.ReducedNumbers, Quantity.Count);
        if (dense is not null && costs.Count > 1)
            table.Add([
                "fewer than dense",
                .. costs.Select(cost => cost == dense ? "–" : Quantity.Count(dense.ReducedNumbers - cost.ReducedNumbers)),
                .. Compared.Select(_ => ""),
            ]);
        if (isGaLore)
            Add(table, $"reduced in every {job.GaLoreGap}th step, which projects anew", cost => cost.RefreshNumbers, Quantity.Count);
        Add(table, $"sent in a step, {NotSharded}", cost => cost.Whole.SentBytes, Quantity.Bytes);
        Add(table, $"values gathered in a step, {Sharded} (numbers)", cost => cost.TrainedNumbers, Quantity.Count);
        Add(table, $"sent in a step, {Sharded}", cost => cost.Sharded.SentBytes, Quantity.Bytes);
        if (job.Steps is { } steps)
        {
            Add(table, $"sent in all {Quantity.Count(steps)} steps, {NotSharded}", cost => cost.Whole.RunSentBytes, Quantity.Bytes);
            Add(table, $"sent in all {Quantity.Count(steps)} steps, {Sharded}", cost => cost.Sharded.RunSentBytes, Quantity.Bytes);
        }

        table.Caption =
            "numbers of 4 bytes, by rings: each half of an all-reduce sends (N−1)/N of them"
            + Guided("; guided: in a step in which every guide takes part, and in all steps as they are phased out")
            + (isGaLore ? "; sent in a step: between two projections" : "");
        return table;
    }

    private DescriptionTable Time()
    {
        var table = New($"Time of a step on {Ranks}");
        foreach (var (name, sharding) in Shardings)
            AddTime($"computing, {name}", cost => sharding(cost).ComputeSeconds);
        foreach (var (name, sharding) in Shardings)
            AddTime($"on the wire, {name}", cost => sharding(cost).WireSeconds);
        if (job is { FlopsPerSecond: not null, Links: not null })
        {
            foreach (var (name, sharding) in Shardings)
            {
                AddTime($"step without overlap, {name}", cost => sharding(cost).StepSeconds);
                AddTime($"step with full overlap, {name}", cost => sharding(cost).OverlappedStepSeconds);
                table.Add([
                    $"bound by, {name}",
                    .. costs.Select(cost => sharding(cost).IsNetworkBound is true ? "network" : "computing"),
                    .. Compared.Select(_ => ""),
                ]);
                Add(table, $"tokens of a rank that hide the wire, {name}", cost => sharding(cost).LeastTokensPerRank, Quantity.Count);
                Add(table, $"most ranks that hide it, {name}", cost => sharding(cost).MostRanks, Quantity.Count);
            }
        }

        table.Caption = string.Create(
            CultureInfo.InvariantCulture,
            $"a step of {job.SequencesPerStep} sequences, {Quantity.Count((decimal)job.SequencesPerStep * entry.Cost.Context)} tokens; {Quantity.Count((decimal)job.SequencesPerRank * entry.Cost.Context)} of them on a rank{Device}{Wires}"
        );
        return table;

        void AddTime(string name, Func<RankCost, double?> seconds)
        {
            if (costs.Any(cost => seconds(cost) is not null))
                Add(table, name, seconds, Quantity.ShortTime);
        }
    }

    private static IEnumerable<(string Name, Func<RankCost, ShardingCost> Of)> Shardings =>
        [(NotSharded, cost => cost.Whole), (Sharded, cost => cost.Sharded)];

    private string Ranks => job.Ranks == 1 ? "1 rank" : $"{Quantity.Count(job.Ranks)} ranks";

    private string Device =>
        job.FlopsPerSecond is { } rate ? $"; {Quantity.Flops((decimal)rate)} FLOP/s reached on each (paper convention)" : "";

    private string Wires =>
        job.Links is not { } links
            ? ""
            : $"; {Quantity.BytesPerSecond(links.BytesPerSecond)} a rank"
                + (
                    links.Node is { } node
                        ? $" between machines, {Quantity.BytesPerSecond(node.BytesPerSecond)} among the {node.Ranks} of one"
                        : ""
                )
                + (links.Latency > 0 ? $", {Quantity.ShortTime(links.Latency)} a message" : "");

    // Muon has no factors to ask for.
    private string MuonsOwn => job.Optimizer == OptimizerKind.Spectron && dense is not null ? "; dense: Muon's, without factors" : "";

    // Variants beside the dense one, each with a column of ratios.
    private IEnumerable<RankCost> Compared => dense is null ? [] : costs.Where(cost => cost != dense);

    private string Guided(string words) => costs.Any(cost => cost.Variant == Variant.Guided) ? words : "";

    private DescriptionTable New(string title) =>
        DescriptionTable.New(
            title,
            "",
            [.. costs.Select(cost => Title(cost.Variant)), .. Compared.Select(cost => Title(cost.Variant) + " ÷ dense")]
        );

    private void Add(DescriptionTable table, string name, Func<RankCost, decimal?> value, Func<decimal, string> write) =>
        table.Add([
            name,
            .. costs.Select(cost => value(cost) is { } known ? write(known) : "–"),
            .. Compared.Select(cost =>
                value(cost) is { } known && value(dense!) is { } other and not 0 ? Quantity.Ratio((double)(known / other)) : "–"
            ),
        ]);

    private void Add(DescriptionTable table, string name, Func<RankCost, double?> value, Func<double, string> write) =>
        table.Add([
            name,
            .. costs.Select(cost => value(cost) is { } known ? write(known) : "–"),
            .. Compared.Select(cost =>
                value(cost) is { } known && value(dense!) is { } other and not 0 ? Quantity.Ratio(known / other) : "–"
            ),
        ]);

    private static string Title(Variant variant) =>
        variant switch
        {
            Variant.Guided => "guided",
            Variant.LowRank => "low rank",
            Variant.Lora => "adapters",
            _ => "dense",
        };
}
