using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>The largest rank at which factors are still smaller than what they replace, in whole numbers.</summary>
internal static class SavingRank
{
    /// <summary>0 where no rank saves anything.</summary>
    public static int Largest(LinearModel linear)
    {
        var (inputs, outputs) = ((long)linear.Inputs, (long)linear.Outputs);
        return (int)((inputs * outputs - 1) / (inputs + outputs));
    }

    /// <summary>The largest that saves on every one of some linears; 0 where none does.</summary>
    public static int Largest(IEnumerable<LinearModel> linears) => linears.Select(Largest).DefaultIfEmpty().Min();
}
