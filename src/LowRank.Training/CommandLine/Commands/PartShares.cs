using LowRank.Costs;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>What part of the whole model all blocks of a part are, every guide gone.</summary>
internal static class PartShares
{
    /// <summary>Of the parameters.</summary>
    public static double OfParameters(SublayerCost part, ModelCost cost) =>
        cost.Parameters == 0 ? 0 : (double)part.Parameters * part.Count / cost.Parameters;

    /// <summary>Of the forward FLOPs, paper convention.</summary>
    public static double OfFlops(SublayerCost part, ModelCost cost) =>
        cost.ForwardFlopsPerToken == 0 ? 0 : (double)part.ForwardFlopsPerToken * part.Count / cost.ForwardFlopsPerToken;
}
