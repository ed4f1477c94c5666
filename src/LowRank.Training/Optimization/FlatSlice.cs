using TorchSharp.Modules;

namespace LowRank.Training.Optimization;

/// <summary>The place of one parameter in a flat buffer.</summary>
/// <param name="Name">The parameter's dotted name.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="Offset">First element.</param>
/// <param name="Count">Number of elements.</param>
public sealed record FlatSlice(string Name, Parameter Parameter, long Offset, long Count);
