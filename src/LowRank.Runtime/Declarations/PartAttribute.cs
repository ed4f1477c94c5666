namespace LowRank;

/// <summary>
/// Declares that another class with <see cref="ModuleAttribute"/> is a part of this one. The property is of that class, or a
/// <c>IReadOnlyList</c> of it with <see cref="Count"/>: a block repeated depth times.
/// </summary>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class PartAttribute : Attribute
{
    /// <summary>Number of parts of a list property. Left out for a single one.</summary>
    public int Count { get; set; }
}
