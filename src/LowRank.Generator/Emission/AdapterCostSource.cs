using LowRank.Generator.Costs;

namespace LowRank.Generator.Emission;

/// <summary>The constants of training by adapters.</summary>
internal static class AdapterCostSource
{
    public static void Write(SourceWriter writer, AdapterTotals totals, TrainingTotals? training)
    {
        writer.Line();
        writer.Write("/// <summary>What training by the adapters costs, all else frozen (paper convention).</summary>");
        using (writer.Block("public static class Lora"))
        {
            writer.Write(
                $"""
                /// <summary>Parameters of the adapters: all that is trained.</summary>
                public const long TrainableParameters = {Literals.Grouped(totals.Parameters)};

                /// <summary>Forward FLOPs per token, the adapters unmerged.</summary>
                public const long ForwardFlopsPerToken = {Literals.Grouped(totals.ForwardFlopsPerToken)};

                /// <summary>Forward and backward FLOPs per token; the backward pass ends at block {Literals.Of(
                    totals.FirstBlock
                )}.</summary>
                public const long TrainingFlopsPerToken = {Literals.Grouped(totals.TrainingFlopsPerToken)};

                /// <summary>Bytes of all parameters, and of the adapters' gradients and moments (fp32).</summary>
                public const decimal State = {Literals.Grouped(totals.StateBytes)}m;

                /// <summary>Activations kept for the backward pass per token of a micro-batch, in bytes (fp32).</summary>
                public const long ActivationsPerToken = {Literals.Grouped(totals.ActivationBytesPerToken)};
                """
            );
            if (training is null)
                return;
            writer.Write(
                $"""

                /// <summary>FLOPs of the declared run, trained by the adapters.</summary>
                public const decimal TrainingFlops = {Literals.Grouped(
                    (decimal)totals.TrainingFlopsPerToken * training.TokensPerStep * training.Steps
                )}m;
                """
            );
        }
    }

    /// <summary>The record's expression.</summary>
    public static string New(AdapterTotals totals) =>
        $"new(Linears: {Literals.Of(totals.Linears)}, Parameters: {Literals.Of(totals.Parameters)}, FirstBlock: {Literals.Of(totals.FirstBlock)}, "
        + $"ForwardFlopsPerToken: {Literals.Of(totals.ForwardFlopsPerToken)}, TrainingFlopsPerToken: {Literals.Of(totals.TrainingFlopsPerToken)}, "
        + $"StateBytes: {Literals.Grouped(totals.StateBytes)}m, ActivationBytesPerToken: {Literals.Of(totals.ActivationBytesPerToken)})";
}
