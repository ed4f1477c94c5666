using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>
/// What the runtime is told for reading one token over raw memory: which parts there are, in the order in which they run.
/// </summary>
internal static class DecodingSource
{
    private const string Plan = "global::LowRank.Decoding.DecodingPlan plan";

    public static void WriteModel(SourceWriter writer, TransformerModel model)
    {
        writer.Line();
        writer.Write("/// <inheritdoc/>");
        using (writer.Block($"public override bool PlanDecoding({Plan})"))
        {
            writer.Write($"plan.Embed(embedding{(model.Options.Positions == Positions.Learned ? ", positions" : "")});");
            using (writer.Block("foreach (var block in blocks)"))
            {
                writer.Write($"plan.BeginBlock(isParallel: {Literals.Of(model.Options.Residual == Residual.Parallel)});");
                foreach (var sublayer in model.Sublayers)
                {
                    var orNull = BlockPresence.IsInEvery(sublayer, model) ? "" : "?";
                    writer.Write($"block.{Literals.Identifier(sublayer.Name)}{orNull}.PlanDecoding(plan);");
                }
            }

            writer.Line();
            writer.Write("plan.Finish(finalNorm);\nreturn true;");
        }
    }

    public static void WriteAttention(SourceWriter writer, AttentionModel attention)
    {
        var rotary = attention.RotarySize > 0 ? ", rotary: rotary" : "";
        var norms = attention.HasQueryKeyNorm ? ", queryNorm: QueryNorm, keyNorm: KeyNorm" : "";
        writer.Line();
        writer.Write($"internal void PlanDecoding({Plan}) => plan.Attend(this, Norm, QueryKeyValue, Output{rotary}{norms});");
    }

    public static void WriteFeedForward(SourceWriter writer, FeedForwardOptions options)
    {
        writer.Line();
        writer.Write(
            $"internal void PlanDecoding({Plan}) => "
                + $"plan.FeedForward(Norm, global::LowRank.Activation.{options.Activation}, {(options.Gated ? "Gate" : "null")}, Up, Down);"
        );
    }
}
