using LowRank.Costs;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>The memory of a model's declared run, in bytes.</summary>
internal static class DeclaredMemory
{
    /// <summary>Parameters, gradients, moments and effective weights while every guide exists.</summary>
    public static decimal StateAtStart(ModelCost cost) => StateMemoryFormula.Of(cost.Parameters, cost.GuideParameters);

    /// <summary>The same once every guide is gone.</summary>
    public static decimal StateAtEnd(ModelCost cost) => StateMemoryFormula.Of(cost.Parameters, 0);

    /// <summary>The fuller of start and end with a micro-batch of so many sequences.</summary>
    public static decimal Peak(ModelCost cost, int sequences, bool mixed)
    {
        var phases = mixed ? cost.Memory!.MixedPrecision : cost.Memory!.FullPrecision;
        var tokens = (long)sequences * cost.Context;
        return Math.Max(StateAtStart(cost) + phases.AtStart.Of(tokens), StateAtEnd(cost) + phases.AtEnd.Of(tokens));
    }

    /// <summary>With the activations of the declared micro-batch; null where no run is declared.</summary>
    public static decimal? Training(ModelCost cost, bool atStart, bool mixed)
    {
        if (cost is not { Run: { } run, Memory: { } memory })
            return null;
        var phases = mixed ? memory.MixedPrecision : memory.FullPrecision;
        var tokens = (long)run.SequencesPerMicroBatch * cost.Context;
        return atStart ? StateAtStart(cost) + phases.AtStart.Of(tokens) : StateAtEnd(cost) + phases.AtEnd.Of(tokens);
    }
}
