using System.Globalization;
using LowRank.Costs;
using LowRank.Training.Runs;
using LowRank.Training.Wording;
using Spectre.Console;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>A model's costs as tables for a terminal.</summary>
internal static class DescriptionTables
{
    /// <summary>Prints the tables.</summary>
    public static void Print(IAnsiConsole console, ModelEntry entry, DescriptionRequest request)
    {
        console.Write(new Text(entry.Name, new Style(decoration: Decoration.Bold)));
        console.WriteLine(entry.Summary.Length > 0 ? ": " + entry.Summary : "");
        if (entry.Cost.Budget.Count > 0)
            console.Write(Budget(entry.Cost));
        console.Write(Totals(entry));
        if (entry.FlopMatched is { } matched)
            console.Write(FlopMatched(entry, matched));
        console.Write(Parts(entry.Cost));
        if (entry.Cost.Sublayers.Any(part => part.Weights.Count > 0))
            console.Write(Shapes(entry.Cost));
        if (entry.Cost.Memory is not null)
            console.Write(MicroBatches(entry, request.Memory));
        if (request.Device is { } device)
            console.Write(Time(entry, device));
        if (entry.Cost.Guides.Count > 0)
            console.Write(Guides(entry));
        if (entry.Cost.Factors.Count > 0)
            console.Write(Factors(entry.Cost));
        if (entry.Cost.Adapters is { } adapters)
            console.Write(Adapters(entry.Cost, adapters));
    }

    private static Table Totals(ModelEntry entry)
    {
        var cost = entry.Cost;
        var hasGuide = entry.HasGuide();
        var dense = entry.Variants().Contains(Variant.Dense) ? LowRank.Training.Runs.Variants.Cost(entry, Variant.Dense) : null;
        var table = NewTable("", "declared", "dense baseline", "ratio");
        Add("parameters", cost.Parameters, dense?.Parameters, Quantity.Count);
        if (cost.GuideParameters > 0)
            Add("parameters with the guides", cost.ParametersAtStart, dense?.Parameters, Quantity.Count);
        Add("forward FLOPs per token (paper convention)", cost.ForwardFlopsPerToken, dense?.ForwardFlopsPerToken, Quantity.Count);
        Add(
            "forward FLOPs per token (causal convention)",
            cost.ForwardFlopsPerTokenAt(cost.Context, FlopConvention.Causal),
            dense?.ForwardFlopsPerTokenAt(cost.Context, FlopConvention.Causal),
            Quantity.Count
        );
        foreach (var (name, convention) in new[] { ("paper", FlopConvention.Paper), ("causal", FlopConvention.Causal) })
        {
            var baseline = DeclaredTotals.Of(entry, Variant.Dense, convention);
            AddTotal(hasGuide ? ", without guides" : "", Variant.LowRank);
            AddTotal(", guided", Variant.Guided);
            if (!entry.IsFactored())
                AddTotal("", Variant.Dense);

            void AddTotal(string how, Variant variant)
            {
                if (DeclaredTotals.Of(entry, variant, convention) is { } total)
                    Add($"training FLOPs{how} ({name} convention)", total, baseline, Quantity.Flops);
            }
        }

        foreach (var (how, sampled) in new[] { ("exact mix", false), ("sampled", true) })
        {
            if (DeclaredTotals.TwoBranches(entry, sampled) is { } total)
                Add(
                    $"two branches (Wei et al.), training FLOPs, {how} (paper convention)",
                    total,
                    DeclaredTotals.Of(entry, Variant.Dense, FlopConvention.Paper),
                    Quantity.Flops
                );
        }

        // Without a guide start and end are the same.
        var atStart = hasGuide ? " at start" : "";
        Add(
            $"parameters, gradients, moments of AdamW{atStart} (fp32)",
            DeclaredMemory.StateAtStart(cost),
            dense is null ? null : DeclaredMemory.StateAtStart(dense),
            Quantity.Bytes
        );
        if (hasGuide)
            Add(
                "the same once the guides are gone",
                DeclaredMemory.StateAtEnd(cost),
                dense is null ? null : DeclaredMemory.StateAtEnd(dense),
                Quantity.Bytes
            );
        foreach (var (precision, mixed) in new[] { ("fp32", false), ("bf16", true) })
        {
            if (DeclaredMemory.Training(cost, atStart: true, mixed) is not { } most)
                continue;
            Add($"training{atStart}, activations of a micro-batch included ({precision})", most, Dense(atStart: true), Quantity.Bytes);
            if (hasGuide)
                Add(
                    $"the same once the guides are gone ({precision})",
                    DeclaredMemory.Training(cost, atStart: false, mixed)!.Value,
                    Dense(atStart: false),
                    Quantity.Bytes
                );

            decimal? Dense(bool atStart) => dense is null ? null : DeclaredMemory.Training(dense, atStart, mixed);
        }

        if (cost.Memory is { } memory)
        {
            Add(
                "decoding: keys and values per token (fp32)",
                memory.KeyValueCache(1, 1, mixed: false),
                dense?.Memory?.KeyValueCache(1, 1, mixed: false),
                Quantity.Bytes
            );
            Add(
                "decoding: keys and values at the full context (fp32)",
                memory.KeyValueCache(1, cost.Context, mixed: false),
                dense?.Memory?.KeyValueCache(1, cost.Context, mixed: false),
                Quantity.Bytes
            );
        }

        table.Caption = new TableTitle(
            cost.Run is { } run
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"context {cost.Context}; declared run: {Quantity.Count(run.Tokens)} tokens, {run.SequencesPerStep} sequences per step, {Quantity.Count(DeclaredTotals.Steps(cost))} steps{HowItIsTrained(run)}"
                )
                : string.Create(CultureInfo.InvariantCulture, $"context {cost.Context}; no training run is declared")
        );
        return table;

        void Add(string name, decimal value, decimal? baseline, Func<decimal, string> write) =>
            table.AddRow(
                new Text(name),
                new Text(write(value)),
                new Text(baseline is { } known ? write(known) : "–"),
                new Text(baseline is { } other and not 0 ? Quantity.Ratio((double)(value / other)) : "–")
            );
    }

    private static Table FlopMatched(ModelEntry entry, ModelEntry matched)
    {
        var table = NewTable("", "declared", "FLOP-matched dense", "ratio");
        Add("parameters", entry.Cost.Parameters, matched.Cost.Parameters, Quantity.Count);
        Add(
            "forward FLOPs per token (paper convention)",
            entry.Cost.ForwardFlopsPerToken,
            matched.Cost.ForwardFlopsPerToken,
            Quantity.Count
        );
        if (
            DeclaredTotals.Of(entry, entry.VariantWithoutAdapters(), FlopConvention.Paper) is { } declared
            && DeclaredTotals.Of(entry, Variant.FlopMatched, FlopConvention.Paper) is { } dense
        )
            Add("training FLOPs (paper convention)", declared, dense, Quantity.Flops);
        table.Caption = new TableTitle(
            $"{matched.Name}: no low rank, hidden sizes scaled to the forward FLOPs of the declared model; the variant flop-matched"
        );
        return table;

        void Add(string name, decimal value, decimal other, Func<decimal, string> write) =>
            table.AddRow(new Text(name), new Text(write(value)), new Text(write(other)), new Text(Quantity.Ratio((double)(value / other))));
    }

    private static string HowItIsTrained(DeclaredRun run) =>
        (run.Optimizer is { } optimizer ? $", {optimizer.Key()}" : "")
        + (run.LearningRate is { } rate ? string.Create(CultureInfo.InvariantCulture, $", learning rate {rate}") : "");

    private static Table Parts(ModelCost cost)
    {
        var hasGuide = cost.Guides.Count > 0;
        var table = NewTable(
            "part",
            ["blocks", "rank", "parameters", "share", .. Guided("guide's"), "FLOPs per token", .. Guided("guided"), "share of FLOPs"]
        );
        foreach (var part in cost.Sublayers)
        {
            string[] cells =
            [
                part.Name,
                BlockRange.Of(part),
                part.Rank == 0 ? "–" : part.Rank.ToString(CultureInfo.InvariantCulture),
                Quantity.Count(part.Parameters),
                Percent(PartShares.OfParameters(part, cost)),
                .. Guided(part.GuideParameters == 0 ? "–" : Quantity.Count(part.GuideParameters)),
                Quantity.Count(part.ForwardFlopsPerToken),
                .. Guided(
                    part.GuidedForwardFlopsPerToken == part.ForwardFlopsPerToken ? "–" : Quantity.Count(part.GuidedForwardFlopsPerToken)
                ),
                Percent(PartShares.OfFlops(part, cost)),
            ];
            table.AddRow(cells.Select(cell => new Text(cell)));
        }

        table.Caption = new TableTitle(
            $"per block; FLOPs forward at the declared context, paper convention; the shares are those of all its blocks{(hasGuide ? ", guides gone" : "")}"
        );
        return table;

        string[] Guided(string cell) => hasGuide ? [cell] : [];
    }

    private static Table Budget(ModelCost cost)
    {
        var table = NewTable("budget", "declared", "limit", "of the limit", "");
        foreach (var limit in cost.Budget)
        {
            table.AddRow(
                new Text(limit.Quantity),
                new Text(BudgetWords.Amount(limit, limit.Amount)),
                new Text(BudgetWords.Amount(limit, limit.Limit)),
                new Text(limit.Limit == 0 ? "–" : Percent((double)(limit.Amount / limit.Limit))),
                new Text(
                    limit.IsExceeded ? "OVER" : "kept",
                    limit.IsExceeded ? new Style(Color.Red, decoration: Decoration.Bold) : Style.Plain
                )
            );
        }

        return table;
    }

    private static Table Shapes(ModelCost cost)
    {
        var hasGuide = cost.Guides.Count > 0;
        var table = NewTable(
            "part",
            ["blocks", "shapes", "activations (fp32)", "activations (bf16)", .. All("all blocks, declared micro-batch (fp32)")]
        );
        foreach (var part in cost.Sublayers)
        {
            string[] cells =
            [
                part.Name,
                BlockRange.Of(part),
                part.Weights.Count == 0 ? "–" : string.Join('\n', WeightWords.Of(part)),
                Kept(part.Activations?.AtStart),
                Kept(part.Activations?.AtStartBf16),
                .. All(Kept((decimal?)part.Activations?.AtStart * part.Count * cost.Run?.SequencesPerMicroBatch * cost.Context)),
            ];
            table.AddRow(cells.Select(cell => new Text(cell)));
        }

        table.Columns[2].Alignment = Justify.Left;
        table.Caption = new TableTitle(
            $"inputs→outputs; activations: bytes per token and block that the backward pass reads{(hasGuide ? ", guides present" : "")}"
                + (cost.RecomputesBlocks ? "; kept while a block runs again, else only its input" : "")
        );
        return table;

        string[] All(string cell) => cost is { Run: not null, RecomputesBlocks: false } ? [cell] : [];

        static string Kept(decimal? bytes) => bytes is null or 0 ? "–" : Quantity.Bytes(bytes.Value);
    }

    private static Table MicroBatches(ModelEntry entry, IReadOnlyList<long> memory)
    {
        var dense = entry is { Dense: { } baseline } ? baseline.Cost : null;
        var table = NewTable("memory", ["fp32", "bf16", .. Dense("dense baseline, fp32", "bf16")]);
        foreach (var bytes in memory)
        {
            string[] cells =
            [
                Quantity.Bytes(bytes),
                Sequences(entry.Cost, bytes, mixed: false),
                Sequences(entry.Cost, bytes, mixed: true),
                .. dense is null ? [] : new[] { Sequences(dense, bytes, mixed: false), Sequences(dense, bytes, mixed: true) },
            ];
            table.AddRow(cells.Select(cell => new Text(cell)));
        }

        table.Caption = new TableTitle(
            string.Create(
                CultureInfo.InvariantCulture,
                $"largest micro-batch that is trained in it: sequences of {entry.Cost.Context} tokens, AdamW"
            )
        );
        return table;

        string[] Dense(params string[] cells) => dense is null ? [] : cells;

        static string Sequences(ModelCost cost, long bytes, bool mixed) =>
            LargestMicroBatch.Within(cost, bytes, mixed) is { } count and > 0 ? Quantity.Count(count) : "none";
    }

    private static Table Time(ModelEntry entry, StatedDevice device)
    {
        var table = NewTable("variant", "training FLOPs (paper convention)", "time", "hours");
        foreach (var variant in new[] { Variant.Dense, Variant.FlopMatched, Variant.LowRank, Variant.Guided })
        {
            if (DeviceTime.Flops(entry, variant, device) is not { } flops)
                continue;
            var seconds = DeviceTime.Seconds(flops, device);
            table.AddRow(
                new Text(variant.Key()),
                new Text(Quantity.Flops(flops)),
                new Text(Quantity.Duration(seconds)),
                new Text((seconds / 3600).ToString("#,0.00", CultureInfo.InvariantCulture))
            );
        }

        table.Caption = new TableTitle(
            $"{Quantity.Count(device.Tokens)} tokens on a device of {Quantity.Flops((decimal)device.FlopsPerSecond)} FLOP/s, {Percent(device.Utilization)} of it used"
        );
        return table;
    }

    private static string Percent(double share) => share.ToString("0.0 %", CultureInfo.InvariantCulture);

    private static Table Guides(ModelEntry entry)
    {
        var table = NewTable("guide", "gone after", "linears", "parameters", "FLOPs per token", "FLOPs per step", "price");
        foreach (var guide in entry.Cost.Guides)
        {
            table.AddRow(
                new Text($"{guide.Guide.ToString().ToLowerInvariant()}, {guide.Schedule.ToString().ToLowerInvariant()}"),
                new Text(guide.PhaseOut.ToString("0.## %", CultureInfo.InvariantCulture)),
                new Text(Quantity.Count(guide.Linears)),
                new Text(Quantity.Count(guide.Parameters)),
                new Text("+" + Quantity.Count(guide.ExtraForwardFlopsPerToken)),
                new Text("+" + Quantity.Flops(guide.ProjectionFlopsPerStep)),
                new Text(Price(entry, guide))
            );
        }

        table.Caption = new TableTitle(
            "what the guides add while they exist; the price is their share of the declared run's unguided FLOPs, paper convention"
        );
        return table;
    }

    private static Table Factors(ModelCost cost)
    {
        var table = NewTable("factors", "linears", "rebalanced", "product decay");
        foreach (var factors in cost.Factors)
            table.AddRow(
                new Text(FactorWords.Of(factors)),
                new Text(Quantity.Count(factors.Linears)),
                new Text(FactorWords.Rebalancing(factors)),
                new Text(FactorWords.Decay(factors))
            );
        table.Caption = new TableTitle("FLOPs of matrix products, whatever the number of tokens; they are in the training totals");
        return table;
    }

    private static Table Adapters(ModelCost cost, AdapterCost adapters)
    {
        var table = NewTable(
            "adapters",
            "linears",
            "from block",
            "trained parameters",
            "share",
            "forward FLOPs per token",
            "training FLOPs per token",
            "parameters, gradients, moments (fp32)"
        );
        table.AddRow(
            new Text("LoRA"),
            new Text(Quantity.Count(adapters.Linears)),
            new Text(Quantity.Count(adapters.FirstBlock)),
            new Text(Quantity.Count(adapters.Parameters)),
            new Text(((double)adapters.Parameters / cost.Parameters).ToString("0.00 %", CultureInfo.InvariantCulture)),
            new Text(Quantity.Count(adapters.ForwardFlopsPerToken)),
            new Text(Quantity.Count(adapters.TrainingFlopsPerToken)),
            new Text(Quantity.Bytes(adapters.StateBytes))
        );
        table.Caption = new TableTitle(
            "the variant lora: the adapters are trained, all else is frozen; FLOPs at the declared context, paper convention"
        );
        return table;
    }

    private static string Price(ModelEntry entry, GuideCost guide)
    {
        if (DeclaredTotals.Of(entry, Variant.LowRank, FlopConvention.Paper) is not { } without)
            return "–";
        var alone = (entry.Cost with { Guides = [guide] }).TrainingFlops(
            DeclaredTotals.Steps(entry.Cost),
            entry.Cost.Run!.SequencesPerStep,
            entry.Cost.Context,
            guided: true
        );
        return "+" + ((double)((alone - without) / without)).ToString("0.0 %", CultureInfo.InvariantCulture);
    }

    private static Table NewTable(string first, params string[] others)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn(new Text(first)));
        foreach (var name in others)
            table.AddColumn(new TableColumn(new Text(name)).RightAligned());
        return table;
    }
}
