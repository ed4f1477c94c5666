using System.Xml.Linq;
using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The accounting as documentation, for the hover. Every number names its unit, the phase and the convention.</summary>
internal static class Remarks
{
    /// <summary>"block 0", "blocks 1 to 23".</summary>
    public static string Blocks(int first, int end) =>
        end - first == 1 ? $"block {Literals.Of(first)}" : $"blocks {Literals.Of(first)} to {Literals.Of(end - 1)}";

    /// <summary>"blocks 1, 3 … 23" where they are not consecutive.</summary>
    public static string Blocks(int first, int count, int stride)
    {
        var last = first + (count - 1) * stride;
        if (stride == 1 || count == 1)
            return Blocks(first, last + 1);
        var second = Literals.Of(first + stride);
        return count switch
        {
            2 => $"blocks {Literals.Of(first)} and {second}",
            3 => $"blocks {Literals.Of(first)}, {second} and {Literals.Of(last)}",
            _ => $"blocks {Literals.Of(first)}, {second} … {Literals.Of(last)}",
        };
    }

    /// <summary>The remarks of a model: totals, then a table of its parts.</summary>
    public static void WriteModel(SourceWriter writer, CostedTransformer costed)
    {
        var total = costed.Costs.Total;
        writer.Write("/// <remarks>");
        writer.Write($"/// <para>{Parameters(total)}</para>");
        writer.Write($"/// <para>{ForwardFlops(costed)}</para>");
        if (costed.Costs.Training is { } training)
            writer.Write($"/// <para>{Training(training)}</para>");
        foreach (var line in CostRemarks.Of(costed))
            writer.Write($"/// <para>{line}</para>");
        writer.Write("/// <list type=\"table\">");
        writer.Write(
            "/// <listheader><term>Part</term><description>Parameters; forward FLOPs per token, for each block (paper convention)</description></listheader>"
        );
        foreach (var part in costed.Costs.Parts)
            writer.Write($"/// <item><term>{Text(Name(part))}</term><description>{Text(Numbers(part))}</description></item>");
        writer.Write("/// </list>");
        writer.Write("/// </remarks>");
    }

    /// <summary>The documentation of a sublayer's property: the user's own text, then what the sublayer is and costs.</summary>
    public static void WriteSublayer(SourceWriter writer, SublayerModel sublayer, CostedTransformer costed)
    {
        var width = Literals.Of(costed.Model.Options.Width);
        var documentation = sublayer.Property.Documentation;
        foreach (var line in documentation)
            writer.Write("/// " + line);
        if (documentation.Count == 0)
            writer.Write(
                $"/// <summary>The {sublayer.Kind} sublayers, {(sublayer.Blocks == costed.Model.Options.Depth ? "one per block" : "one in each of their blocks")}.</summary>"
            );
        writer.Write("/// <remarks>");
        writer.Write($"/// <para>[batch, sequence, {width}] to the same shape.{Window(sublayer)}{Experts(sublayer)}</para>");
        if (sublayer.Attention is { Latent: { } latent } attention)
            writer.Write($"/// <para>{Cache(attention, latent)}</para>");
        foreach (var (span, part) in sublayer.Spans.Zip(costed.Costs.PartsOf(sublayer.Name), (span, part) => (span, part)))
        {
            var shapes = sublayer.Part is null ? string.Join(", ", span.Linears.Select(Shape)) : $"a {sublayer.Part.Name}";
            writer.Write(
                $"/// <para>{Text($"{Capital(Blocks(span.First, span.Count, span.Stride))}: {shapes}. Each: {Numbers(part)} (paper convention).")}</para>"
            );
        }

        if (sublayer.Part is { } module && module.Unknown.ToList() is { Count: > 0 } unknown)
            writer.Write(
                $"/// <para>Not declared by [Module] of {Text(module.Name)} and not counted: {string.Join("; ", unknown)}.</para>"
            );
        writer.Write("/// </remarks>");
    }

    /// <summary>The user's summary as plain text, for tools.</summary>
    public static string PlainSummary(EquatableArray<string> documentation)
    {
        var summary = XElement.Parse($"<member>{string.Join("\n", documentation)}</member>").Element("summary");
        if (summary is null)
            return "";
        foreach (var reference in summary.Descendants().Where(element => element.IsEmpty).ToList())
            reference.ReplaceWith(
                new XText(
                    LastPart(
                        (string?)reference.Attribute("cref")
                            ?? (string?)reference.Attribute("name")
                            ?? (string?)reference.Attribute("langword")
                            ?? ""
                    )
                )
            );
        return string.Join(" ", summary.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    // T:System.Collections.Generic.List`1 → List.
    private static string LastPart(string reference) => reference.Substring(reference.LastIndexOf('.') + 1).Split('`', '(')[0];

    private static string Parameters(CostTotals total) =>
        total.GuideParameters == 0
            ? $"{Literals.Readable(total.Parameters)} parameters{Active(total.Parameters, total.ActiveParameters)}."
            : $"{Literals.Readable(total.Parameters)} parameters{Active(total.Parameters, total.ActiveParameters)} once every guide is gone; "
                + $"{Literals.Readable(total.ParametersAtStart)}{Active(total.ParametersAtStart, total.ActiveParametersAtStart)} at the first step.";

    private static string Active(long parameters, long active) =>
        active == parameters ? "" : $" ({Literals.Readable(active)} active for a token)";

    private static string ForwardFlops(CostedTransformer costed)
    {
        var total = costed.Costs.Total;
        var guided =
            total.GuideParameters == 0
                ? ""
                : $"; {Literals.Readable(total.GuidedForwardFlopsPerToken)} while every guide is present (paper convention)";
        return $"Forward FLOPs per token at a context of {Literals.Readable(costed.Model.Options.Context)}: {Literals.Readable(total.ForwardFlopsPerToken)} "
            + $"(paper convention), {Literals.Readable(total.ForwardFlopsPerTokenCausal)} (causal){guided}.";
    }

    private static string Training(TrainingTotals training)
    {
        var without =
            training.TrainingFlops == training.TrainingFlopsWithoutGuide
                ? ""
                : $"; without a guide {Literals.Scientific(training.TrainingFlopsWithoutGuide)} (paper convention)";
        return $"Training FLOPs: {Literals.Scientific(training.TrainingFlops)} (paper convention), {Literals.Scientific(training.TrainingFlopsCausal)} (causal){without}, "
            + $"in {Literals.Readable(training.Steps)} steps of {Literals.Readable(training.TokensPerStep)} tokens.";
    }

    private static string Name(PartCost part)
    {
        var rank = part.Rank == 0 ? "" : $", rank {Literals.Readable(part.Rank)}";
        return part.IsInBlocks ? $"{part.Name}, {Blocks(part.FirstBlock, part.Count, part.Stride)}{rank}" : part.Name;
    }

    private static string Numbers(PartCost part) =>
        part.GuideParameters == 0
            ? $"{Literals.Readable(part.Parameters)} parameters{ActiveOf(part)}; {Literals.Readable(part.ForwardFlopsPerToken)} FLOPs per token"
            : $"{Literals.Readable(part.Parameters)} parameters{ActiveOf(part)}, while guided {Literals.Readable(part.GuideParameters)} more; "
                + $"{Literals.Readable(part.ForwardFlopsPerToken)} FLOPs per token, while guided {Literals.Readable(part.GuidedForwardFlopsPerToken)}";

    private static string ActiveOf(PartCost part) =>
        part.ActiveParameters == part.Parameters ? "" : $" ({Literals.Readable(part.ActiveParameters)} active)";

    private static string Shape(LinearModel linear) => (linear.Copies == 1 ? "" : $"{Literals.Of(linear.Copies)} × ") + One(linear);

    private static string One(LinearModel linear) =>
        linear.LowRank is not null
            ? $"{linear.Name} {Literals.Of(linear.Inputs)} → {FactorRemarks.Inner(linear)} → {Literals.Of(linear.Outputs)}{FactorRemarks.Options(linear)}"
            : $"{linear.Name} {Literals.Of(linear.Inputs)} → {Literals.Of(linear.Outputs)}";

    private static string Window(SublayerModel sublayer) =>
        sublayer.Attention?.Window is { } window ? $" A token sees itself and the {Literals.Readable(window - 1)} tokens before it." : "";

    private static string Experts(SublayerModel sublayer) =>
        sublayer.Experts is not { } experts
            ? ""
            : $" A token passes through {Literals.Of(experts.Active)} of {Literals.Of(experts.Count)} experts"
                + (experts.Shared is { } shared ? $" and {Literals.Of(shared)} shared." : ".");

    private static string Cache(AttentionModel attention, LatentModel latent)
    {
        var expanded = (long)attention.Width + attention.ValueWidth;
        var usual = 2L * attention.Heads * latent.ContentSize;
        var parts =
            attention.RotarySize > 0
                ? $"{Literals.Readable(latent.KeyValueRank)} of the latent vector and {Literals.Readable(attention.RotarySize)} of the rotated key"
                : "those of the latent vector";
        return $"A cache holds {Literals.Readable(attention.CachedPerToken)} numbers per token and block: {parts}. Expanded keys and values would "
            + $"be {Literals.Readable(expanded)}; those of {Literals.Readable(attention.Heads)} heads of {Literals.Readable(latent.ContentSize)}, {Literals.Readable(usual)}.";
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text.Substring(1);

    private static string Text(string text) => new XText(text).ToString();
}
