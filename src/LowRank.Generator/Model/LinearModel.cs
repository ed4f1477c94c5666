namespace LowRank.Generator.Model;

/// <summary>One linear layer with its sizes, dense or factored.</summary>
/// <param name="Name">Its role: <c>Query</c>, <c>Key</c>, <c>Value</c>, <c>Output</c>, <c>Gate</c>, <c>Up</c>, <c>Down</c>.</param>
/// <param name="Inputs">Size of what it reads.</param>
/// <param name="Outputs">Size of what it writes.</param>
/// <param name="HasBias">Whether it adds a bias.</param>
/// <param name="LowRank">The declaration that factors it, or null when it is dense.</param>
internal sealed record LinearModel(string Name, int Inputs, int Outputs, bool HasBias, LowRankOptions? LowRank);
