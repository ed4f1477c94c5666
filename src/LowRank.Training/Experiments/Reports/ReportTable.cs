namespace LowRank.Training.Experiments.Reports;

/// <summary>A table of a report, in whatever form it is written.</summary>
/// <param name="Heading">What stands above it.</param>
/// <param name="Caption">What its figures are.</param>
/// <param name="Head">The columns.</param>
/// <param name="Rows">The cells, row by row; what follows a line break stands below the figure and is set smaller.</param>
internal sealed record ReportTable(string Heading, string Caption, IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows);
