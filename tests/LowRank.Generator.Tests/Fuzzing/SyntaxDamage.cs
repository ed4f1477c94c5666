using Microsoft.CodeAnalysis.CSharp;

namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>Source as it stands while somebody is typing: tokens missing, doubled, exchanged, the end not yet written.</summary>
internal static class SyntaxDamage
{
    private static readonly string[] Stray =
    [
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        ",",
        ";",
        ".",
        "..",
        "=",
        "=>",
        ":",
        "\"",
        "'",
        "/*",
        "//",
        "#",
        "@",
        "$\"",
        "\"\"\"",
        "partial",
        "class",
        "get",
        "\\",
        "\0",
        "?",
        "!",
        "::",
    ];

    public static string Of(string source, Dice dice)
    {
        var tokens = SyntaxFactory.ParseTokens(source).Select(token => token.ToFullString()).ToList();
        if (tokens.Count < 2)
            return source;
        for (var count = 1 + dice.Below(3); count > 0; count--)
        {
            var at = dice.Below(tokens.Count);
            switch (dice.Below(5))
            {
                case 0:
                    tokens[at] = "";
                    break;
                case 1:
                    tokens[at] += tokens[at];
                    break;
                case 2:
                    var other = dice.Below(tokens.Count);
                    (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                    break;
                case 3:
                    tokens[at] = dice.Of(Stray) + tokens[at];
                    break;
                default:
                    return string.Concat(tokens.Take(at + 1));
            }
        }

        return string.Concat(tokens);
    }
}
