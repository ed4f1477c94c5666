using System;

namespace LowRank;

/// <summary>
/// Declares that a class with <see cref="ModuleAttribute"/> is a language model: an <see cref="Layers.ILanguageModule"/>. It gets an entry
/// in
/// the catalog, so that the command line trains, resumes, evaluates and runs it; what the blocks are is the class's own business.
/// </summary>
/// <param name="vocabulary">Number of token ids.</param>
/// <param name="context">Longest sequence the model is trained on, in tokens.</param>
/// <param name="width">Size of the vectors that the head reads.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class LanguageModelAttribute(int vocabulary, int context, int width) : Attribute
{
    /// <summary>Number of token ids.</summary>
    public int Vocabulary { get; } = vocabulary;

    /// <summary>Longest sequence, in tokens.</summary>
    public int Context { get; } = context;

    /// <summary>Size of the vectors that the head reads.</summary>
    public int Width { get; } = width;
}
