using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>The values that the attributes of a transformer give, by what is asked of them.</summary>
internal static class TransformerValues
{
    private static readonly Target Transformer = new(Attribute: "Transformer");
    private const int UsualHeadSize = 64;
    private const int UsualRotarySize = 32;

    private static readonly Target TrainingRun = new(Attribute: "TrainingRun");

    public static IEnumerable<DeclaredSize> SizesOf(TransformerDeclaration declaration)
    {
        var name = declaration.Type.Name;
        yield return new(Transformer.At("vocabulary"), name, declaration.Transformer.Vocabulary);
        yield return new(Transformer.At("context"), name, declaration.Transformer.Context);
        yield return new(Transformer.At("width"), name, declaration.Transformer.Width, UsualWidth(declaration));
        yield return new(Transformer.At("depth"), name, declaration.Transformer.Depth);
        if (declaration.Run is { } run)
        {
            yield return new(TrainingRun.At("tokens"), name, run.Tokens);
            yield return new(TrainingRun.At("sequencesPerStep"), name, run.SequencesPerStep);
            yield return new(TrainingRun.At("SequencesPerMicroBatch"), name, run.SequencesPerMicroBatch);
        }

        foreach (var sublayer in declaration.Sublayers)
        {
            var (owner, attention) = (sublayer.Property.Name, sublayer.Target with { Attribute = "Attention" });
            yield return new(attention.At("heads"), owner, sublayer.Attention?.Heads, Math.Max(sublayer.Attention?.KeyValueHeads ?? 1, 1));
            yield return new(attention.At("KeyValueHeads"), owner, sublayer.Attention?.KeyValueHeads);
            yield return new(attention.At("HeadSize"), owner, sublayer.Attention?.HeadSize, UsualHeadSize);
            yield return new(attention.At("Window"), owner, sublayer.Attention?.Window);
            yield return new(attention.At("KeyValueRank"), owner, sublayer.Attention?.KeyValueRank, UsualRank(declaration));
            yield return new(attention.At("QueryRank"), owner, sublayer.Attention?.QueryRank, UsualRank(declaration));
            yield return new(attention.At("RotarySize"), owner, sublayer.Attention?.RotarySize, UsualRotarySize);
            yield return new(attention.At("ValueSize"), owner, sublayer.Attention?.ValueSize, UsualHeadSize);
            yield return new((sublayer.Target with { Attribute = "FeedForward" }).At("hidden"), owner, sublayer.FeedForward?.Hidden);
            yield return new((sublayer.Target with { Attribute = "Experts" }).At("Shared"), owner, sublayer.Experts?.Shared);
        }
    }

    // What all of the attentions divide into heads of the usual size.
    private static long UsualWidth(TransformerDeclaration declaration) =>
        declaration.Sublayers.Select(sublayer => sublayer.Attention?.Heads ?? 1).Append(1).Max() is var heads and > 0
            ? (long)heads * UsualHeadSize
            : UsualHeadSize;

    // A quarter of the width, as DeepSeek-V2-Lite has it.
    private static long UsualRank(TransformerDeclaration declaration) => Math.Max(1, declaration.Transformer.Width / 4);

    public static IEnumerable<DeclaredNumber> NumbersOf(TransformerDeclaration declaration) =>
        [
            new(Transformer.At("RotaryBase"), declaration.Transformer.RotaryBase, "10_000"),
            new(Transformer.At("NormEpsilon"), declaration.Transformer.NormEpsilon, "1e-5"),
            new(TrainingRun.At("LearningRate"), declaration.Run?.LearningRate ?? 1, "1e-3"),
            .. Given(Transformer, "EmbeddingScale", declaration.Transformer.EmbeddingScale, "1.0"),
            .. Given(Transformer, "LogitScale", declaration.Transformer.LogitScale, "1.0"),
            .. Given(Transformer, "LogitSoftCap", declaration.Transformer.LogitSoftCap, "30"),
            .. declaration.Sublayers.SelectMany(NumbersOf),
        ];

    private static IEnumerable<DeclaredNumber> NumbersOf(SublayerDeclaration sublayer)
    {
        var attention = sublayer.Target with { Attribute = "Attention" };
        return
        [
            .. Given(attention, "RotaryBase", sublayer.Attention?.RotaryBase, "10_000"),
            .. Given(attention, "ScoreScale", sublayer.Attention?.ScoreScale, "1.0"),
            .. Given(attention, "ScoreSoftCap", sublayer.Attention?.ScoreSoftCap, "50"),
            .. NumbersOfExperts(sublayer),
        ];
    }

    private static IEnumerable<DeclaredNumber> NumbersOfExperts(SublayerDeclaration sublayer)
    {
        if (sublayer.Experts is not { } experts)
            yield break;
        var mixture = sublayer.Target with { Attribute = "Experts" };
        yield return new(mixture.At("WeightScale"), experts.WeightScale, "1");
        yield return new(mixture.At("BalanceWeight"), experts.BalanceWeight, "0.01");
        yield return new(mixture.At("BiasStep"), experts.BiasStep, "0.001");
    }

    private static IEnumerable<DeclaredNumber> Given(Target target, string argument, double? value, string usual) =>
        value is { } given ? [new(target.At(argument), given, usual)] : [];

    public static IEnumerable<DeclaredEnum> EnumsOf(TransformerDeclaration declaration)
    {
        yield return new(Transformer.At("Positions"), declaration.Transformer.Positions);
        yield return new(Transformer.At("Norm"), declaration.Transformer.Norm);
        yield return new(Transformer.At("NormPlacement"), declaration.Transformer.NormPlacement);
        yield return new(Transformer.At("Bias"), declaration.Transformer.Bias);
        yield return new(Transformer.At("Residual"), declaration.Transformer.Residual);
        if (declaration.Run?.Optimizer is { } optimizer)
            yield return new(TrainingRun.At("Optimizer"), optimizer);
        foreach (var sublayer in declaration.Sublayers)
        {
            if (sublayer.Attention is { } attention)
            {
                var target = sublayer.Target with { Attribute = "Attention" };
                yield return new(target.At("QueryKeyNorm"), attention.QueryKeyNorm);
                if (attention.Positions is { } positions)
                    yield return new(target.At("Positions"), positions);
                if (attention.Bias is { } bias)
                    yield return new(target.At("Bias"), bias, MayBeNone: true);
            }

            if (sublayer.RotaryScaling is { } scaling)
                yield return new((sublayer.Target with { Attribute = "RotaryScaling" }).At("type"), scaling.Type);
            if (sublayer.FeedForward is { } feedForward)
            {
                var target = sublayer.Target with { Attribute = "FeedForward" };
                yield return new(target.At("activation"), feedForward.Activation);
                if (feedForward.Bias is { } bias)
                    yield return new(target.At("Bias"), bias, MayBeNone: true);
            }

            if (sublayer.Experts is not { } experts)
                continue;
            var mixture = sublayer.Target with { Attribute = "Experts" };
            yield return new(mixture.At("Router"), experts.Router);
            yield return new(mixture.At("Balance"), experts.Balance);
        }

        if (declaration.RotaryScaling is { } ofClass)
            yield return new(new Target(Attribute: "RotaryScaling").At("type"), ofClass.Type);

        foreach (var lora in declaration.Loras)
            yield return new(lora.Origin.At("Projections"), lora.Projections);
        foreach (var declared in declaration.LowRanks.SelectMany(DeclaredEnum.Of))
            yield return declared;
    }
}
