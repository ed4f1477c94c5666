namespace LowRank.Generator.Model;

/// <summary>One <c>[LowRank]</c> and the linears that it selects.</summary>
/// <param name="LowRank">What it says.</param>
/// <param name="Class">The class whose linears they are.</param>
/// <param name="Linears">The linears, under the names that findings call them by; none whose size is itself refused.</param>
internal sealed record LowRankSelection(LowRankOptions LowRank, string Class, IEnumerable<(string Name, LinearModel Linear)> Linears)
{
    /// <summary>What carries the attribute, in words.</summary>
    public string Owner => LowRank.Origin.OwnerOf(Class);
}
