namespace LowRank;

/// <summary>
/// Also emits the nested class <c>Dense</c>: the same architecture with every <see cref="LowRankAttribute"/> removed, so that a
/// comparison never compares two copies kept by hand.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class DenseBaselineAttribute : Attribute;
