namespace LowRank;

/// <summary>
/// Exempts a sublayer from a <see cref="LowRankAttribute"/> on the class or the assembly: its linear layers stay full-size.
/// </summary>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class DenseAttribute : Attribute;
