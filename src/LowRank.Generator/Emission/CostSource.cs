using System.Globalization;
using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The accounting as constants, and once more as a record for tools.</summary>
internal static class CostSource
{
    private const string Paper = "paper convention";
    private const string Causal = "causal convention";

    public static void Write(SourceWriter writer, CostedTransformer costed, string name)
    {
        var total = costed.Costs.Total;
        writer.Write(
            """
            /// <summary>
            /// What the model costs. FLOPs count a multiply-add as 2; those of the forward pass are per token at the declared context.
            /// The paper convention counts the attention scores in full, the causal one leaves out what the mask hides: half of a full
            /// context, the corner of a window.
            /// </summary>
            """
        );
        using (writer.Block("public static class Cost"))
        {
            var isMixture = costed.Model.Sublayers.Any(sublayer => sublayer.Experts is not null);
            WriteTotals(writer, total, isMixture);
            Constant(writer, "Parameters at the first step, guides included.", "ParametersAtStart", total.ParametersAtStart);
            if (isMixture)
                Constant(
                    writer,
                    "Parameters that a token passes through at the first step, guides included.",
                    "ActiveParametersAtStart",
                    total.ActiveParametersAtStart
                );
            Constant(
                writer,
                $"Forward FLOPs per token once every guide is gone ({Causal}).",
                "ForwardFlopsPerTokenCausal",
                total.ForwardFlopsPerTokenCausal
            );
            Constant(
                writer,
                $"Forward FLOPs per token while every guide is present ({Causal}).",
                "GuidedForwardFlopsPerTokenCausal",
                total.GuidedForwardFlopsPerTokenCausal
            );
            if (costed.Costs.Training is { } training)
                WriteTraining(writer, training);
            if (costed.Costs.TwoBranches is { } twoBranches)
                TwoBranchSource.Write(writer, twoBranches);
            MemorySource.Write(writer, costed.Costs.Memory);
            if (costed.Costs.Adapters is { } adapters)
                AdapterCostSource.Write(writer, adapters, costed.Costs.Training);
            WriteSummary(writer, costed, name);
            foreach (var part in costed.Costs.Parts.Select(part => part.Name).Distinct())
            {
                writer.Line();
                writer.Write($"/// <summary>What {part} costs, over all blocks.</summary>");
                using (writer.Block($"public static class {Literals.Identifier(part)}"))
                    WritePart(writer, costed.Costs.TotalOf(part), costed.Model.Sublayers.FirstOrDefault(sublayer => sublayer.Name == part));
            }
        }
    }

    // What stands outside the blocks has neither guides nor scores.
    private static void WritePart(SourceWriter writer, CostTotals total, SublayerModel? sublayer)
    {
        if (sublayer is not null)
        {
            WriteTotals(writer, total, sublayer.Experts is not null);
            return;
        }

        Constant(writer, "Parameters.", "Parameters", total.Parameters, isFirst: true);
        Constant(writer, $"Forward FLOPs per token ({Paper}).", "ForwardFlopsPerToken", total.ForwardFlopsPerToken);
    }

    private static void WriteTotals(SourceWriter writer, CostTotals total, bool isMixture)
    {
        Constant(writer, "Parameters once every guide is gone.", "Parameters", total.Parameters, isFirst: true);
        if (isMixture)
            Constant(
                writer,
                "Parameters that a token passes through once every guide is gone: of the experts the active ones.",
                "ActiveParameters",
                total.ActiveParameters
            );
        Constant(writer, "Parameters of all guides, while they exist.", "GuideParameters", total.GuideParameters);
        Constant(
            writer,
            $"Forward FLOPs per token once every guide is gone ({Paper}).",
            "ForwardFlopsPerToken",
            total.ForwardFlopsPerToken
        );
        Constant(
            writer,
            $"Forward FLOPs per token while every guide is present ({Paper}).",
            "GuidedForwardFlopsPerToken",
            total.GuidedForwardFlopsPerToken
        );
        Constant(
            writer,
            "The attention scores' share of the forward FLOPs per token, 4·S·a in each block, the window in place of S where it is smaller (paper convention).",
            "ScoreFlopsPerToken",
            total.ScoreFlopsPerToken
        );
        Constant(
            writer,
            "FLOPs per optimizer step for forming effective weights and projecting their gradients, Σ 6·r·m·n.",
            "ProjectionFlopsPerStep",
            total.ProjectionFlopsPerStep
        );
    }

    private static void WriteTraining(SourceWriter writer, TrainingTotals training)
    {
        Constant(writer, "Optimizer steps of the declared run.", "Steps", training.Steps);
        Constant(writer, "Tokens in one optimizer step.", "TokensPerStep", training.TokensPerStep);
        Constant(writer, $"FLOPs of the declared run, guides included ({Paper}).", "TrainingFlops", training.TrainingFlops);
        Constant(
            writer,
            $"FLOPs of the declared run without any guide ({Paper}).",
            "TrainingFlopsWithoutGuide",
            training.TrainingFlopsWithoutGuide
        );
        Constant(writer, $"FLOPs of the declared run, guides included ({Causal}).", "TrainingFlopsCausal", training.TrainingFlopsCausal);
        Constant(
            writer,
            $"FLOPs of the declared run without any guide ({Causal}).",
            "TrainingFlopsWithoutGuideCausal",
            training.TrainingFlopsWithoutGuideCausal
        );
    }

    private static void WriteSummary(SourceWriter writer, CostedTransformer costed, string name)
    {
        writer.Line();
        writer.Write("/// <summary>The same numbers for tools.</summary>");
        writer.Write("public static Costs::ModelCost Summary { get; } = new(");
        using (writer.Indent())
        {
            writer.Write($"{Literals.Of(name)},");
            writer.Write($"Context: {Literals.Of(costed.Model.Options.Context)},");
            writer.Write("Parameters: Parameters,\nForwardFlopsPerToken: ForwardFlopsPerToken,\nScoreFlopsPerToken: ScoreFlopsPerToken,");
            writer.Write("Sublayers:");
            using (writer.Block(null, "],", "["))
            {
                foreach (var part in costed.Costs.Parts)
                    writer.Write(New(part) + ",");
            }

            WriteGuides(writer, [.. costed.Costs.Guides]);
            var run = costed.Model.Run;
            writer.Write(
                run is null
                    ? "Run: null)"
                    : $"Run: new(Tokens: {Literals.Of(run.Tokens)}, SequencesPerStep: {Literals.Of(run.SequencesPerStep)}, "
                        + $"SequencesPerMicroBatch: {Literals.Of(run.SequencesPerMicroBatch ?? run.SequencesPerStep)}){HowItIsTrained(run)})"
            );
        }

        using (writer.Block(close: "};"))
        {
            if (costed.Costs.Windows.Count > 0)
                writer.Write(Windows(costed.Costs));
            if (costed.Costs.Factors.Count > 0)
                FactorCostSource.Write(writer, costed.Costs.Factors);
            if (costed.Costs.Adapters is { } adapters)
                writer.Write($"Adapters = {AdapterCostSource.New(adapters)},");
            if (costed.Costs.Total.ActiveParameters != costed.Costs.Total.Parameters)
                writer.Write($"ActiveParameters = {Literals.Of(costed.Costs.Total.ActiveParameters)},");
            if (costed.Model.Options.Residual == LowRank.Residual.Parallel)
                writer.Write("ParallelResidual = true,");
            if (!costed.Model.Options.Causal)
                writer.Write("IsCausal = false,");
            if (costed.Model.Options.ActivationCheckpointing)
                writer.Write("RecomputesBlocks = true,");
            writer.Write($"Memory = {MemorySource.New(costed.Costs.Memory)},");
            if (costed.Budget.Count > 0)
                writer.Write($"Budget = [{string.Join(", ", costed.Budget.Select(Limit))}],");
        }
    }

    private static string Limit(BudgetUse use) =>
        $"new({Literals.Of(use.Limit.Quantity.ToString())}, {Number(use.Amount)}, {Number(use.Limit.Value!.Value)})";

    private static string Number(decimal value) => value.ToString(CultureInfo.InvariantCulture) + "m";

    // What is left to the run is left out.
    private static string HowItIsTrained(TrainingRunOptions run)
    {
        string[] written =
        [
            .. run.Optimizer is { } optimizer ? [$"Optimizer = {Literals.Of(optimizer)}"] : Array.Empty<string>(),
            .. run.LearningRate is { } rate ? [$"LearningRate = {Literals.Of(rate)}"] : Array.Empty<string>(),
        ];
        return written.Length == 0 ? "" : $" {{ {string.Join(", ", written)} }}";
    }

    private static string Windows(ModelCosts costs)
    {
        var windows = costs.Windows.Select(window =>
            $"new(Window: {Literals.Of(window.Window)}, Width: {Literals.Of(window.Width)}, Blocks: {Literals.Of(window.Blocks)}){(window.ValueWidth == window.Width ? "" : $" {{ ValueWidth = {Literals.Of(window.ValueWidth)} }}")}"
        );
        return $"Windows = [{string.Join(", ", windows)}],";
    }

    /// <summary>The argument that lists the guides.</summary>
    public static void WriteGuides(SourceWriter writer, IReadOnlyCollection<GuideTotals> guides)
    {
        if (guides.Count == 0)
        {
            writer.Write("Guides: [],");
            return;
        }

        writer.Write("Guides:");
        using (writer.Block(null, "],", "["))
        {
            foreach (var guide in guides)
            {
                writer.Write(
                    $"new(PhaseOut: {Literals.Of(guide.Options.PhaseOut)}, {Literals.Of(guide.Options.Guide)}, {Literals.Of(guide.Options.Schedule)}, "
                        + $"Linears: {Literals.Of(guide.Linears)}, Parameters: {Literals.Of(guide.Parameters)}, "
                        + $"ExtraForwardFlopsPerToken: {Literals.Of(guide.ExtraForwardFlopsPerToken)}, ProjectionFlopsPerStep: {Literals.Of(guide.ProjectionFlopsPerStep)}),"
                );
            }
        }
    }

    private static string New(PartCost part)
    {
        var numbers = new (string Name, long Value)[]
        {
            ("FirstBlock", part.FirstBlock),
            ("Count", part.Count),
            ("Rank", part.Rank),
            ("Parameters", part.Parameters),
            ("GuideParameters", part.GuideParameters),
            ("ForwardFlopsPerToken", part.ForwardFlopsPerToken),
            ("ScoreFlopsPerToken", part.ScoreFlopsPerToken),
            ("GuidedForwardFlopsPerToken", part.GuidedForwardFlopsPerToken),
            ("ProjectionFlopsPerStep", part.ProjectionFlopsPerStep),
        };
        var arguments = numbers.Select(number => $",\n    {number.Name}: {Literals.Of(number.Value)}");
        string[] members =
        [
            .. part.Stride == 1 ? Array.Empty<string>() : [$"Stride = {Literals.Of(part.Stride)}"],
            .. part.ActiveParameters == part.Parameters
                ? Array.Empty<string>()
                : [$"ActiveParameters = {Literals.Of(part.ActiveParameters)}"],
            .. part.ActiveGuideParameters == part.GuideParameters
                ? Array.Empty<string>()
                : [$"ActiveGuideParameters = {Literals.Of(part.ActiveGuideParameters)}"],
            $"Weights = [{string.Join(", ", part.Weights.Select(New))}]",
            $"Activations = {New(part.Activations)}",
            .. part.Unknown.Count == 0 ? Array.Empty<string>() : [$"Unknown = [{string.Join(", ", part.Unknown.Select(Literals.Of))}]"],
        ];
        return $"new(\n    {Literals.Of(part.Name)},\n    {Literals.Of(part.Kind)}{string.Concat(arguments)})\n{{\n    {string.Join(",\n    ", members)},\n}}";
    }

    /// <summary>A weight's expression.</summary>
    public static string New(WeightShape weight) =>
        $"new({Literals.Of(weight.Name)}, {Literals.Of(weight.Inputs)}, {Literals.Of(weight.Outputs)}, {Literals.Of(weight.Rank)})"
        + Members(weight);

    private static string Members(WeightShape weight)
    {
        string[] members =
        [
            .. weight.HasGuide ? ["HasGuide = true"] : Array.Empty<string>(),
            .. weight.Copies == 1
                ? Array.Empty<string>()
                : [$"Copies = {Literals.Of(weight.Copies)}", $"Active = {Literals.Of(weight.Active)}"],
        ];
        return members.Length == 0 ? "" : $" {{ {string.Join(", ", members)} }}";
    }

    private static string New(ActivationTotals kept) =>
        $"new({Literals.Of(kept.AtStart)}, {Literals.Of(kept.AtEnd)}, {Literals.Of(kept.AtStartBf16)}, {Literals.Of(kept.AtEndBf16)})";

    private static void Constant(SourceWriter writer, string summary, string name, long value, bool isFirst = false)
    {
        if (!isFirst)
            writer.Line();
        writer.Write($"/// <summary>{summary}</summary>\npublic const long {name} = {Literals.Grouped(value)};");
    }

    // Decimal, since these do not fit an Int64.
    private static void Constant(SourceWriter writer, string summary, string name, decimal value)
    {
        writer.Line();
        writer.Write($"/// <summary>{summary}</summary>\npublic const decimal {name} = {Literals.Grouped(value)}m;");
    }
}
