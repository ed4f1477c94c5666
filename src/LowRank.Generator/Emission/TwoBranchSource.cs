using LowRank.Generator.Costs;

namespace LowRank.Generator.Emission;

/// <summary>The paper's own accounting of the guides, beside that of the effective weight.</summary>
internal static class TwoBranchSource
{
    public static void Write(SourceWriter writer, TwoBranchTotals totals)
    {
        writer.Line();
        writer.Write(
            "/// <summary>What the declared run would cost with the guides as branches of their own (Wei et al., 2024).</summary>"
        );
        using (writer.Block("public static class TwoBranches"))
        {
            writer.Write(
                $"""
                /// <summary>FLOPs of the declared run with both branches in every guided step (paper convention).</summary>
                public const decimal TrainingFlopsMixed = {Literals.Grouped(totals.Mixed)}m;

                /// <summary>FLOPs of the declared run with the guides' branch in half of the guided steps (paper convention).</summary>
                public const decimal TrainingFlopsSampled = {Literals.Grouped(totals.Sampled)}m;
                """
            );
        }
    }
}
