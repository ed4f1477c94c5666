using System.Globalization;
using LowRank.Costs;
using LowRank.Training.Runs;
using LowRank.Training.Weights;
using LowRank.Training.Wording;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>A model's costs as tables.</summary>
internal static class DescriptionTables
{
    /// <summary>The tables, in the order in which they are read.</summary>
    public static IEnumerable<DescriptionTable> Of(ModelEntry entry, DescriptionRequest request)
    {
        if (entry.Cost.Budget.Count > 0)
            yield return Budget(entry.Cost);
        yield return Totals(entry);
        if (entry.FlopMatched is { } matched)
            yield return FlopMatched(entry, matched);
        yield return Parts(entry.Cost);
        if (entry.Cost.Sublayers.Any(part => part.Weights.Count > 0))
            yield return Shapes(entry.Cost);
        if (entry.Cost.Memory is not null)
            yield return MicroBatches(entry, request.Memory);
        if (request.Device is { } device)
            yield return Time(entry, device);
        if (request.Ranks is { } ranks)
        {
            foreach (var table in RankTables.Of(entry, ranks))
                yield return table;
        }

        if (entry.Cost.Guides.Count > 0)
            yield return Guides(entry);
        if (entry.Cost.Factors.Count > 0)
            yield return Factors(entry.Cost);
        if (entry.Cost.Adapters is { } adapters)
            yield return Adapters(entry.Cost, adapters);
    }

    private static DescriptionTable Totals(ModelEntry entry)
    {
        var cost = entry.Cost;
        var hasGuide = entry.HasGuide();
        var dense = entry.Variants().Contains(Variant.Dense) ? LowRank.Training.Runs.Variants.Cost(entry, Variant.Dense) : null;
        var table = DescriptionTable.New("Totals", "", "declared", "dense baseline", "ratio");
        Add("parameters", cost.Parameters, dense?.Parameters, Quantity.Count);
        if (cost.IsMixture)
            Add("parameters active for a token", cost.ActiveParameters, dense?.ActiveParameters, Quantity.Count);
        if (cost.GuideParameters > 0)
            Add("parameters with the guides", cost.ParametersAtStart, dense?.Parameters, Quantity.Count);
        if (cost.IsMixture && cost.GuideParameters > 0)
            Add("active for a token with the guides", cost.ActiveParametersAtStart, dense?.ActiveParameters, Quantity.Count);
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

        table.Caption = cost.Run is { } run
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"context {cost.Context}; declared run: {Quantity.Count(run.Tokens)} tokens, {run.SequencesPerStep} sequences per step, {Quantity.Count(DeclaredTotals.Steps(cost))} steps{HowItIsTrained(run)}"
            )
            : string.Create(CultureInfo.InvariantCulture, $"context {cost.Context}; no training run is declared");
        return table;

        void Add(string name, decimal value, decimal? baseline, Func<decimal, string> write) =>
            table.Add(
                name,
                write(value),
                baseline is { } known ? write(known) : "–",
                baseline is { } other and not 0 ? Quantity.Ratio((double)(value / other)) : "–"
            );
    }

    private static DescriptionTable FlopMatched(ModelEntry entry, ModelEntry matched)
    {
        var table = DescriptionTable.New("FLOP-matched dense model", "", "declared", "FLOP-matched dense", "ratio");
        foreach (var part in entry.Cost.Sublayers.DistinctBy(part => part.Name))
        {
            if (
                HiddenSize.Of(part) is { } declared
                && matched.Cost.Sublayers.Where(other => other.Name == part.Name).Select(HiddenSize.Of).FirstOrDefault() is { } scaled
            )
                Add($"hidden size of {part.Name}", declared, scaled, Quantity.Count);
        }

        Add("parameters", entry.Cost.Parameters, matched.Cost.Parameters, Quantity.Count);
        Add(
            "forward FLOPs per token (paper convention)",
            entry.Cost.ForwardFlopsPerToken,
            matched.Cost.ForwardFlopsPerToken,
            Quantity.Count
        );
        AddTotal(entry.HasGuide() ? ", without guides" : "", Variant.LowRank);
        AddTotal(", guided", Variant.Guided);
        table.Caption =
            $"{matched.Name}: no low rank, hidden sizes scaled to the forward FLOPs of the declared model; the variant flop-matched";
        return table;

        void AddTotal(string how, Variant variant)
        {
            if (
                DeclaredTotals.Of(entry, variant, FlopConvention.Paper) is { } declared
                && DeclaredTotals.Of(entry, Variant.FlopMatched, FlopConvention.Paper) is { } dense
            )
                Add($"training FLOPs{how} (paper convention)", declared, dense, Quantity.Flops);
        }

        void Add(string name, decimal value, decimal other, Func<decimal, string> write) =>
            table.Add(name, write(value), write(other), Quantity.Ratio((double)(value / other)));
    }

    private static string HowItIsTrained(DeclaredRun run) =>
        (run.Optimizer is { } optimizer ? $", {optimizer.Key()}" : "")
        + (run.LearningRate is { } rate ? string.Create(CultureInfo.InvariantCulture, $", learning rate {rate}") : "");

    private static DescriptionTable Parts(ModelCost cost)
    {
        var hasGuide = cost.Guides.Count > 0;
        var table = DescriptionTable.New(
            "Parts",
            "part",
            [
                "blocks",
                "rank",
                "parameters",
                .. Mixture("active"),
                "share",
                .. Guided("guide's"),
                "FLOPs per token",
                .. Guided("guided"),
                "share of FLOPs",
            ]
        );
        foreach (var part in cost.Sublayers)
        {
            string[] cells =
            [
                part.Name,
                BlockRange.Of(part),
                part.Rank == 0 ? "–" : part.Rank.ToString(CultureInfo.InvariantCulture),
                Quantity.Count(part.Parameters),
                .. Mixture(part.ActiveParameters == part.Parameters ? "–" : Quantity.Count(part.ActiveParameters)),
                Percent(PartShares.OfParameters(part, cost)),
                .. Guided(part.GuideParameters == 0 ? "–" : Quantity.Count(part.GuideParameters)),
                Quantity.Count(part.ForwardFlopsPerToken),
                .. Guided(
                    part.GuidedForwardFlopsPerToken == part.ForwardFlopsPerToken ? "–" : Quantity.Count(part.GuidedForwardFlopsPerToken)
                ),
                Percent(PartShares.OfFlops(part, cost)),
            ];
            table.Add(cells);
        }

        table.Caption =
            $"per block; FLOPs forward at the declared context, paper convention; the shares are those of all its blocks{(hasGuide ? ", guides gone" : "")}{Unknown(cost)}";
        return table;

        string[] Guided(string cell) => hasGuide ? [cell] : [];

        string[] Mixture(string cell) => cost.IsMixture ? [cell] : [];
    }

    private static string Unknown(ModelCost cost) =>
        string.Concat(
            cost.Sublayers.Where(part => part.Unknown.Count > 0)
                .DistinctBy(part => part.Name)
                .Select(part => $"; of {part.Name} is not declared and not counted: {string.Join(", ", part.Unknown)}")
        );

    private static DescriptionTable Budget(ModelCost cost)
    {
        var table = DescriptionTable.New("Budget", "budget", "declared", "limit", "of the limit", "");
        foreach (var limit in cost.Budget)
        {
            table.Add(
                limit.Quantity,
                BudgetWords.Amount(limit, limit.Amount),
                BudgetWords.Amount(limit, limit.Limit),
                limit.Limit == 0 ? "–" : Percent((double)(limit.Amount / limit.Limit)),
                limit.IsExceeded ? DescriptionTable.Over : "kept"
            );
        }

        return table;
    }

    private static DescriptionTable Shapes(ModelCost cost)
    {
        var hasGuide = cost.Guides.Count > 0;
        var table = DescriptionTable.New(
            "Shapes and activations",
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
            table.Add(cells);
        }

        table.TextColumn = 2;
        table.Caption =
            $"inputs→outputs; activations: bytes per token and block that the backward pass reads{(hasGuide ? ", guides present" : "")}"
            + (cost.RecomputesBlocks ? "; kept while a block runs again, else only its input" : "");
        return table;

        string[] All(string cell) => cost is { Run: not null, RecomputesBlocks: false } ? [cell] : [];

        static string Kept(decimal? bytes) => bytes is null or 0 ? "–" : Quantity.Bytes(bytes.Value);
    }

    private static DescriptionTable MicroBatches(ModelEntry entry, IReadOnlyList<long> memory)
    {
        var dense = entry is { Dense: { } baseline } ? baseline.Cost : null;
        var table = DescriptionTable.New(
            "Micro-batches",
            "memory",
            ["fp32", "bf16", .. Dense("dense baseline, fp32", "dense baseline, bf16")]
        );
        foreach (var bytes in memory)
        {
            string[] cells =
            [
                Quantity.Bytes(bytes),
                Sequences(entry.Cost, bytes, mixed: false),
                Sequences(entry.Cost, bytes, mixed: true),
                .. dense is null ? [] : new[] { Sequences(dense, bytes, mixed: false), Sequences(dense, bytes, mixed: true) },
            ];
            table.Add(cells);
        }

        table.Caption = string.Create(
            CultureInfo.InvariantCulture,
            $"largest micro-batch that is trained in it: sequences of {entry.Cost.Context} tokens, AdamW"
        );
        return table;

        string[] Dense(params string[] cells) => dense is null ? [] : cells;

        static string Sequences(ModelCost cost, long bytes, bool mixed) =>
            LargestMicroBatch.Within(cost, bytes, mixed) is { } count and > 0 ? Quantity.Count(count) : "none";
    }

    private static DescriptionTable Time(ModelEntry entry, StatedDevice device)
    {
        var table = DescriptionTable.New("Training time", "variant", "training FLOPs (paper convention)", "time", "hours");
        foreach (var variant in new[] { Variant.Dense, Variant.FlopMatched, Variant.LowRank, Variant.Guided })
        {
            if (DeviceTime.Flops(entry, variant, device) is not { } flops)
                continue;
            var seconds = DeviceTime.Seconds(flops, device);
            table.Add(
                variant.Key(),
                Quantity.Flops(flops),
                Quantity.Duration(seconds),
                (seconds / 3600).ToString("#,0.00", CultureInfo.InvariantCulture)
            );
        }

        table.Caption =
            $"{Quantity.Count(device.Tokens)} tokens on a device of {Quantity.Flops((decimal)device.FlopsPerSecond)} FLOP/s, {Percent(device.Utilization)} of it used";
        return table;
    }

    private static string Percent(double share) => share.ToString("0.0 %", CultureInfo.InvariantCulture);

    private static DescriptionTable Guides(ModelEntry entry)
    {
        var table = DescriptionTable.New(
            "Guides",
            "guide",
            "gone after",
            "linears",
            "parameters",
            "FLOPs per token",
            "FLOPs per step",
            "price"
        );
        foreach (var guide in entry.Cost.Guides)
        {
            table.Add(
                $"{guide.Guide.ToString().ToLowerInvariant()}, {guide.Schedule.ToString().ToLowerInvariant()}",
                guide.PhaseOut.ToString("0.## %", CultureInfo.InvariantCulture),
                Quantity.Count(guide.Linears),
                Quantity.Count(guide.Parameters),
                "+" + Quantity.Count(guide.ExtraForwardFlopsPerToken),
                "+" + Quantity.Flops(guide.ProjectionFlopsPerStep),
                Price(entry, guide)
            );
        }

        table.Caption =
            "what the guides add while they exist; the price is their share of the declared run's unguided FLOPs, paper convention";
        return table;
    }

    private static DescriptionTable Factors(ModelCost cost)
    {
        var table = DescriptionTable.New("Factors", "factors", "linears", "rebalanced", "product decay");
        foreach (var factors in cost.Factors)
            table.Add(
                FactorWords.Of(factors),
                Quantity.Count(factors.Linears),
                FactorWords.Rebalancing(factors),
                FactorWords.Decay(factors)
            );
        table.Caption = "FLOPs of matrix products, whatever the number of tokens; they are in the training totals";
        return table;
    }

    private static DescriptionTable Adapters(ModelCost cost, AdapterCost adapters)
    {
        var table = DescriptionTable.New(
            "Adapters",
            "adapters",
            "linears",
            "from block",
            "trained parameters",
            "share",
            "forward FLOPs per token",
            "training FLOPs per token",
            "parameters, gradients, moments (fp32)"
        );
        table.Add(
            "LoRA",
            Quantity.Count(adapters.Linears),
            Quantity.Count(adapters.FirstBlock),
            Quantity.Count(adapters.Parameters),
            ((double)adapters.Parameters / cost.Parameters).ToString("0.00 %", CultureInfo.InvariantCulture),
            Quantity.Count(adapters.ForwardFlopsPerToken),
            Quantity.Count(adapters.TrainingFlopsPerToken),
            Quantity.Bytes(adapters.StateBytes)
        );
        table.Caption = "the variant lora: the adapters are trained, all else is frozen; FLOPs at the declared context, paper convention";
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
}
