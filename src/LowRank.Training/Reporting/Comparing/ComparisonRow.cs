namespace LowRank.Training.Reporting.Comparing;

/// <summary>A row of the comparison: one measure of every run.</summary>
/// <param name="Measure">What is measured, with its unit or convention.</param>
/// <param name="Values">One value per run, as text.</param>
/// <param name="Ratios">One ratio to the dense run per run; null for the dense run itself, and where there is nothing to divide by.</param>
internal sealed record ComparisonRow(string Measure, IReadOnlyList<string> Values, IReadOnlyList<double?> Ratios);
