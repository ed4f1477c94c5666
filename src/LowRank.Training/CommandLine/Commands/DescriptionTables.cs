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
    public static void Print(IAnsiConsole console, ModelEntry entry)
    {
        console.Write(new Text(entry.Name, new Style(decoration: Decoration.Bold)));
        console.WriteLine(entry.Summary.Length > 0 ? ": " + entry.Summary : "");
        console.Write(Totals(entry));
        console.Write(Parts(entry.Cost));
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

    private static string HowItIsTrained(DeclaredRun run) =>
        (run.Optimizer is { } optimizer ? $", {optimizer.Key()}" : "")
        + (run.LearningRate is { } rate ? string.Create(CultureInfo.InvariantCulture, $", learning rate {rate}") : "");

    private static Table Parts(ModelCost cost)
    {
        var hasGuide = cost.Guides.Count > 0;
        var table = NewTable(
            "part",
            ["blocks", "rank", "parameters", .. Guided("guide's"), "FLOPs per token", .. Guided("guided"), "share of FLOPs"]
        );
        foreach (var part in cost.Sublayers)
        {
            string[] cells =
            [
                part.Name,
                BlockRange.Of(part),
                part.Rank == 0 ? "–" : part.Rank.ToString(CultureInfo.InvariantCulture),
                Quantity.Count(part.Parameters),
                .. Guided(part.GuideParameters == 0 ? "–" : Quantity.Count(part.GuideParameters)),
                Quantity.Count(part.ForwardFlopsPerToken),
                .. Guided(
                    part.GuidedForwardFlopsPerToken == part.ForwardFlopsPerToken ? "–" : Quantity.Count(part.GuidedForwardFlopsPerToken)
                ),
                ((double)part.ForwardFlopsPerToken * part.Count / cost.ForwardFlopsPerToken).ToString(
                    "0.0 %",
                    CultureInfo.InvariantCulture
                ),
            ];
            table.AddRow(cells.Select(cell => new Text(cell)));
        }

        table.Caption = new TableTitle(
            $"per block; FLOPs forward at the declared context, paper convention; the share is that of all its blocks{(hasGuide ? ", guides gone" : "")}"
        );
        return table;

        string[] Guided(string cell) => hasGuide ? [cell] : [];
    }

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
