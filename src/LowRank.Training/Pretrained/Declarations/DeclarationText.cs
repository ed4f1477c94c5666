using System.Globalization;
using System.Text;
using LowRank.Generator.Model;

namespace LowRank.Training.Pretrained.Declarations;

/// <summary>A declaration in C#, with every value that isn't a default.</summary>
internal static class DeclarationText
{
    private const int LongestLine = 120;

    /// <summary>The file that declares it.</summary>
    /// <param name="declaration">The declaration; no low rank.</param>
    /// <param name="summary">The class's documentation, a sentence.</param>
    public static string Of(TransformerDeclaration declaration, string summary)
    {
        var text = new StringBuilder("using LowRank;\n\n");
        text.Append(CultureInfo.InvariantCulture, $"namespace {declaration.Type.Namespace};\n\n");
        text.Append(CultureInfo.InvariantCulture, $"/// <summary>{summary}</summary>\n");
        text.Append(Attribute("", "Transformer", Transformer(declaration.Transformer)));
        if (declaration.RotaryScaling is { } scaling)
            text.Append(Attribute("", "RotaryScaling", Scaling(scaling)));
        text.Append(CultureInfo.InvariantCulture, $"public partial class {declaration.Type.Name}\n{{\n");
        text.AppendJoin("\n", declaration.Sublayers.Select(Sublayer));
        return text.Append("}\n").ToString();
    }

    private static string Sublayer(SublayerDeclaration sublayer)
    {
        var text = new StringBuilder();
        if (sublayer.Attention is { } attention)
            text.Append(Attribute("    ", "Attention", Attention(attention)));
        if (sublayer.RotaryScaling is { } scaling)
            text.Append(Attribute("    ", "RotaryScaling", Scaling(scaling)));
        if (sublayer.FeedForward is { } feedForward)
            text.Append(Attribute("    ", "FeedForward", FeedForward(feedForward)));
        if (sublayer.Experts is { } experts)
            text.Append(Attribute("    ", "Experts", Experts(experts)));
        return text.Append(CultureInfo.InvariantCulture, $"    public partial Sublayer {sublayer.Property.Name} {{ get; }}\n").ToString();
    }

    private static IEnumerable<string> Transformer(TransformerOptions options)
    {
        yield return $"vocabulary: {Whole(options.Vocabulary)}";
        yield return $"context: {Whole(options.Context)}";
        yield return $"width: {Whole(options.Width)}";
        yield return $"depth: {Whole(options.Depth)}";
        if (options.Positions != Positions.Rotary)
            yield return $"Positions = Positions.{options.Positions}";
        if (options.Positions == Positions.Rotary && options.RotaryBase != 10_000)
            yield return $"RotaryBase = {Real(options.RotaryBase)}";
        if (options.Positions == Positions.Rotary && options.RotaryFraction != 1)
            yield return $"RotaryFraction = {Real(options.RotaryFraction)}";
        if (options.Norm != Norm.RmsNorm)
            yield return $"Norm = Norm.{options.Norm}";
        if (options.NormPlacement != NormPlacement.Before)
            yield return $"NormPlacement = NormPlacement.{options.NormPlacement}";
        if (options.NormEpsilon != 1e-5)
            yield return $"NormEpsilon = {Real(options.NormEpsilon)}";
        if (options.Bias != Bias.None)
            yield return $"Bias = Bias.{options.Bias}";
        if (options.Residual != Residual.Sequential)
            yield return $"Residual = Residual.{options.Residual}";
        if (options.ScaleEmbeddings)
            yield return "ScaleEmbeddings = true";
        if (options.EmbeddingScale is { } embedding)
            yield return $"EmbeddingScale = {Real(embedding)}";
        if (options.LogitScale is { } logits)
            yield return $"LogitScale = {Real(logits)}";
        if (options.LogitSoftCap is { } cap)
            yield return $"LogitSoftCap = {Real(cap)}";
        if (options.TieEmbeddings)
            yield return "TieEmbeddings = true";
    }

    private static IEnumerable<string> Attention(AttentionOptions options)
    {
        yield return $"heads: {Whole(options.Heads)}";
        foreach (
            var (name, value) in new (string, int?)[]
            {
                (nameof(options.KeyValueHeads), options.KeyValueHeads),
                (nameof(options.KeyValueRank), options.KeyValueRank),
                (nameof(options.QueryRank), options.QueryRank),
                (nameof(options.HeadSize), options.HeadSize),
                (nameof(options.RotarySize), options.RotarySize),
                (nameof(options.ValueSize), options.ValueSize),
            }
        )
        {
            if (value is { } number)
                yield return $"{name} = {Whole(number)}";
        }

        if (!options.LatentNorm)
            yield return "LatentNorm = false";
        if (options.QueryKeyNorm != QueryKeyNorm.None)
            yield return $"QueryKeyNorm = QueryKeyNorm.{options.QueryKeyNorm}";
        if (options.Positions is { } positions)
            yield return $"Positions = Positions.{positions}";
        foreach (
            var (name, value) in new (string, double?)[]
            {
                (nameof(options.RotaryBase), options.RotaryBase),
                (nameof(options.RotaryFraction), options.RotaryFraction),
                (nameof(options.ScoreScale), options.ScoreScale),
                (nameof(options.ScoreSoftCap), options.ScoreSoftCap),
            }
        )
        {
            if (value is { } number)
                yield return $"{name} = {Real(number)}";
        }

        if (options.Bias is { } bias)
            yield return $"Bias = {Flags(bias)}";
        if (options.Window is { } window)
            yield return $"Window = {Whole(window)}";
        if (options.Layers != "..")
            yield return $"Layers = \"{options.Layers}\"";
    }

    private static IEnumerable<string> FeedForward(FeedForwardOptions options)
    {
        yield return $"hidden: {Whole(options.Hidden)}";
        if (options.Activation != Activation.Silu)
            yield return $"Activation.{options.Activation}";
        if (options.Gated)
            yield return "Gated = true";
        if (options.Bias is { } bias)
            yield return $"Bias = {Flags(bias)}";
        if (options.Layers != "..")
            yield return $"Layers = \"{options.Layers}\"";
    }

    private static IEnumerable<string> Experts(ExpertOptions options)
    {
        yield return $"count: {Whole(options.Count)}";
        yield return $"active: {Whole(options.Active)}";
        if (options.Shared is { } shared)
            yield return $"Shared = {Whole(shared)}";
        if (options.Router != RouterScore.Softmax)
            yield return $"Router = RouterScore.{options.Router}";
        if (options.NormalizeWeights is { } normalizes)
            yield return $"NormalizeWeights = {(normalizes ? "true" : "false")}";
        if (options.WeightScale != 1)
            yield return $"WeightScale = {Real(options.WeightScale)}";
    }

    private static IEnumerable<string> Scaling(RotaryScalingOptions options) =>
        [
            $"RotaryScalingType.{options.Type}",
            $"factor: {Real(options.Factor)}",
            .. options
                .Given.Where(argument =>
                    RotaryScalingOptions.IsOf(argument.Name, options.Type) && !IsDefault(argument.Name, argument.Value)
                )
                .Select(argument => $"{argument.Name} = {Real(argument.Value)}"),
            .. options.GivenLists.SelectMany(list => List(list.Name, [.. list.Values])),
        ];

    // Number by number, so that lines break between them.
    private static IEnumerable<string> List(string name, IReadOnlyList<double> values) =>
        values.Select(
            (value, index) => (index == 0 ? $"{name} = new double[] {{ " : "") + Real(value) + (index + 1 == values.Count ? " }" : "")
        );

    private static bool IsDefault(string argument, double value) =>
        argument switch
        {
            nameof(RotaryScalingOptions.LowFrequencyFactor) or nameof(RotaryScalingOptions.BetaSlow) => value == 1,
            nameof(RotaryScalingOptions.HighFrequencyFactor) => value == 4,
            nameof(RotaryScalingOptions.BetaFast) => value == 32,
            _ => false,
        };

    private static string Attribute(string indent, string name, IEnumerable<string> arguments)
    {
        var lines = new StringBuilder();
        var line = $"{indent}[{name}(";
        var isFirst = true;
        foreach (var argument in arguments)
        {
            var next = isFirst ? argument : $", {argument}";
            if (!isFirst && line.Length + next.Length + 2 > LongestLine)
            {
                lines.Append(line).Append(",\n");
                (line, next) = (indent + "    ", argument);
            }

            line += next;
            isFirst = false;
        }

        return lines.Append(line).Append(")]\n").ToString();
    }

    private static string Flags(Projections bias) =>
        bias == Projections.None
            ? $"{nameof(Projections)}.{nameof(Projections.None)}"
            : string.Join(
                " | ",
                Enum.GetValues<Projections>()
                    .Where(flag => flag != Projections.None && (bias & flag) == flag && int.PopCount((int)flag) == 1)
                    .Select(flag => $"{nameof(Projections)}.{flag}")
            );

    private static string Whole(long number) => number.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '_');

    // 1E-06 is written as 1e-6, a whole number as one.
    private static string Real(double number)
    {
        if (number == Math.Floor(number) && Math.Abs(number) < 1e15)
            return Whole((long)number);
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        var parts = text.Split('E');
        return parts.Length == 1
            ? text
            : string.Create(CultureInfo.InvariantCulture, $"{parts[0]}e{int.Parse(parts[1], CultureInfo.InvariantCulture)}");
    }
}
