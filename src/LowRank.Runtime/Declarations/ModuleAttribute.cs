namespace LowRank;

/// <summary>
/// Declares a module of any architecture. Its layers are partial properties with <see cref="LinearAttribute"/>,
/// <see cref="EmbeddingAttribute"/>, <see cref="NormalizationAttribute"/> or <see cref="PartAttribute"/>; the compiler builds, registers,
/// initializes and accounts for them and phases their guides out. The <c>forward</c> is the user's own, with any parameters.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ModuleAttribute : Attribute;
