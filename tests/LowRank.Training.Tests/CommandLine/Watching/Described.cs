using LowRank.Training.CommandLine.Commands;

namespace LowRank.Training.Tests.CommandLine.Watching;

/// <summary>Descriptions written by hand.</summary>
internal static class Described
{
    /// <summary>A model of one number of parameters, in two parts.</summary>
    public static ModelDescription Model(string name, string parameters, bool isOver = false, params string[][] more)
    {
        var parts = DescriptionTable.New("Parts", "part", "blocks", "parameters");
        parts.Add("Feed", "0", "10");
        parts.Add("Feed", "1–3", "20");
        foreach (var row in more)
            parts.Add(row);
        var budget = DescriptionTable.New("Budget", "budget", "declared", "limit", "of the limit", "");
        budget.Add("Parameters", parameters, "100", "90.0 %", isOver ? DescriptionTable.Over : "kept");
        var totals = DescriptionTable.New("Totals", "", "declared");
        totals.Add("parameters", parameters);
        totals.Caption = "context <16>";
        return new(name, "A \"model\" & <more>", [budget, totals, parts], "<svg/>");
    }

    public static ModelDescriptions Models(params ModelDescription[] models) => new(models);
}
