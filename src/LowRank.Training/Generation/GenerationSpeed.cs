namespace LowRank.Training.Generation;

/// <summary>
/// How many tokens a generation read and drew, and how long that took; sampling counts, what the caller does between tokens doesn't.
/// </summary>
/// <param name="PromptTokens">Tokens of prompts that were read.</param>
/// <param name="PromptSeconds">The time until each prompt's first token was drawn.</param>
/// <param name="Tokens">Tokens drawn after those first ones.</param>
/// <param name="Seconds">The time in which they were drawn.</param>
public readonly record struct GenerationSpeed(long PromptTokens, double PromptSeconds, long Tokens, double Seconds)
{
    /// <summary>Tokens of prompts per second; 0 without any.</summary>
    public double PromptTokensPerSecond => PromptSeconds > 0 ? PromptTokens / PromptSeconds : 0;

    /// <summary>Tokens drawn per second, of all texts together; 0 without any.</summary>
    public double TokensPerSecond => Seconds > 0 ? Tokens / Seconds : 0;

    /// <summary>Both together.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static GenerationSpeed operator +(GenerationSpeed left, GenerationSpeed right) =>
        new(
            left.PromptTokens + right.PromptTokens,
            left.PromptSeconds + right.PromptSeconds,
            left.Tokens + right.Tokens,
            left.Seconds + right.Seconds
        );

    /// <summary>Both together.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static GenerationSpeed Add(GenerationSpeed left, GenerationSpeed right) => left + right;
}
