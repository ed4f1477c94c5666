using LowRank.Training.Json;
using LowRank.Training.Tokenization.Added;

namespace LowRank.Training.Tokenization;

/// <summary>Reads the added tokens of a <c>tokenizer.json</c>.</summary>
internal static class TokenizerJsonAddedTokens
{
    /// <param name="root">The file.</param>
    /// <param name="path">Its path.</param>
    /// <exception cref="InputException">An id is out of range.</exception>
    public static IReadOnlyList<AddedToken> Read(JsonPlace root, string path)
    {
        var tokens = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        foreach (var place in root.Optional("added_tokens")?.Elements() ?? [])
        {
            var content = place.At("content").Text();
            tokens[content] = new AddedToken(TokenizerJsonReader.ReadId(place.At("id"), content, path), content)
            {
                Special = Flag(place, "special"),
                SingleWord = Flag(place, "single_word"),
                LeftStrip = Flag(place, "lstrip"),
                RightStrip = Flag(place, "rstrip"),
                Normalized = Flag(place, "normalized"),
            };
        }

        return [.. tokens.Values];
    }

    private static bool Flag(JsonPlace token, string name) => token.Optional(name)?.Flag() ?? false;
}
