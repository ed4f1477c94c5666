using System;

namespace LowRank;

/// <summary>
/// Declares a module of any architecture. Its layers are partial properties with <see cref="LinearAttribute"/>,
/// <see cref="EmbeddingAttribute"/>, <see cref="NormalizationAttribute"/> or <see cref="PartAttribute"/>; the compiler builds, registers,
/// initializes and accounts for them and phases their guides out. The <c>forward</c> is the user's own, with any parameters.
/// </summary>
/// <remarks>
/// What the compiler cannot see, parameters that the class registers itself and what <c>forward</c> computes between its layers, is
/// declared
/// here, for the class alone and without its parts. What is left out counts as nothing, and where it matters is said to be unknown.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ModuleAttribute : Attribute
{
    /// <summary>Number of parameters that the class registers itself, in its <c>OnCreated</c>. Held against the live module.</summary>
    public long OwnParameters { get; set; }

    /// <summary>
    /// Forward FLOPs per row (a token, a patch) of what <c>forward</c> computes beside its linear layers; a multiply-add is 2.
    /// </summary>
    public long OwnFlopsPerRow { get; set; }

    /// <summary>
    /// Numbers per row that autograd keeps within <c>forward</c> for the backward pass, the linear layers' inputs among them.
    /// </summary>
    public long KeptPerRow { get; set; }

    /// <summary>
    /// Numbers that an <see cref="Layers.IRecurrentModule"/> keeps for a sequence while it generates, however long it is.
    /// </summary>
    public long StateSize { get; set; }
}
