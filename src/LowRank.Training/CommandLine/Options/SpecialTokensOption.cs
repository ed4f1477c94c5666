using System.CommandLine;

namespace LowRank.Training.CommandLine.Options;

/// <summary><c>--special-tokens</c>: the texts of special tokens are the tokens.</summary>
internal static class SpecialTokensOption
{
    public const string Name = "--special-tokens";

    /// <summary>The option.</summary>
    /// <param name="texts">In what.</param>
    public static Option<bool> Create(string texts) =>
        new(Name)
        {
            Description =
                $"Read the texts of special tokens in {texts} as these tokens. Only for text that you trust; without it they stay text.",
        };
}
