namespace LowRank.Generator.Model;

/// <summary>What <c>[Budget]</c> says.</summary>
/// <param name="Limits">The limits in the order in which they are reported.</param>
/// <param name="DecodeSequences">Sequences decoded at once.</param>
internal sealed record BudgetOptions(EquatableArray<BudgetLimit> Limits, int DecodeSequences);
