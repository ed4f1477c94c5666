namespace LowRank.Generator.Model;

/// <summary>What <c>[LanguageModel]</c> says, and whether the class is what it has to be.</summary>
/// <param name="Vocabulary">Number of token ids.</param>
/// <param name="Context">Longest sequence, in tokens.</param>
/// <param name="Width">Size of the vectors that the head reads.</param>
/// <param name="IsLanguageModule">Whether the class is an <c>ILanguageModule</c>.</param>
internal sealed record LanguageModelOptions(int Vocabulary, int Context, int Width, bool IsLanguageModule);
