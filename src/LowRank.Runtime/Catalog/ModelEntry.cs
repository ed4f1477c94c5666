using System.ComponentModel;
using LowRank.Costs;
using LowRank.Layers;
using LowRank.Models;

namespace LowRank;

/// <summary>A declared model as tools see it: its name, its costs, and how to build it, without reflection.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="FullName">The class's name with its namespace and containing types.</param>
/// <param name="Summary">The user's <c>summary</c>, or an empty text.</param>
/// <param name="Cost">What it costs.</param>
/// <param name="Create">Builds it.</param>
/// <param name="Dense">The dense baseline, where one is declared.</param>
/// <param name="FlopMatched">The dense model of as many forward FLOPs, where a dense baseline is declared and there is one.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ModelEntry(
    string Name,
    string FullName,
    string Summary,
    ModelCost Cost,
    Func<ModelOptions, LanguageModel> Create,
    ModelEntry? Dense = null,
    ModelEntry? FlopMatched = null
)
{
    /// <summary>The name of the assembly that declares it; empty for an entry made by hand.</summary>
    public string Assembly { get; init; } = "";
}
