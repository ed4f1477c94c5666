using System;
using System.Diagnostics.CodeAnalysis;

namespace LowRank;

/// <summary>
/// Declares that another class with <see cref="ModuleAttribute"/> is a part of this one. Within a module the property is of that class, or
/// a <c>IReadOnlyList</c> of it with <see cref="Count"/>: a block repeated depth times. Within a transformer the property is a
/// <see cref="Sublayer"/>, and the attribute names the class, which is an <see cref="Layers.ISequenceModule"/>: each block gets one of its
/// own,
/// <c>x + f(norm(x))</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class PartAttribute : Attribute
{
    private const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicConstructors
        | DynamicallyAccessedMemberTypes.PublicProperties
        | DynamicallyAccessedMemberTypes.NonPublicProperties;

    /// <summary>A part of a module: the property's type says which class it is.</summary>
    public PartAttribute() { }

    /// <summary>A sublayer of a transformer.</summary>
    /// <param name="module">A class with <see cref="ModuleAttribute"/> that is an <see cref="Layers.ISequenceModule"/>.</param>
    public PartAttribute([DynamicallyAccessedMembers(Members)] Type module) => Module = module;

    /// <summary>The class of a sublayer; null for a part of a module.</summary>
    [DynamicallyAccessedMembers(Members)]
    public Type? Module { get; }

    /// <summary>Number of parts of a list property, within a module. Left out for a single one.</summary>
    public int Count { get; set; }

    /// <summary>
    /// The blocks that have this sublayer, within a transformer, as C# ranges over the depth: <c>"1.."</c>, <c>"..^1"</c>, several as
    /// <c>"..2, ^2.."</c>, every second as <c>"..:2"</c> (from block 0) or <c>"1..:2"</c> (from block 1). Default: all.
    /// </summary>
    public string Layers { get; set; } = "..";
}
