using System.Globalization;
using LowRank.Training.Json;
using LowRank.Training.Tokenization.Added;

namespace LowRank.Training.Tokenization;

/// <summary>Reads the added tokens of a <c>tokenizer.json</c>.</summary>
internal static class TokenizerJsonAddedTokens
{
    /// <param name="root">The file.</param>
    /// <param name="ids">The model's entries, whose ids count where they have one of the same text.</param>
    /// <param name="path">The file's path.</param>
    /// <exception cref="InputException">An id is out of range, or another entry's.</exception>
    public static IReadOnlyList<AddedToken> Read(JsonPlace root, IReadOnlyDictionary<string, int> ids, string path)
    {
        var tokens = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        var owners = new Dictionary<int, string>();
        foreach (var place in root.Optional("added_tokens")?.Elements() ?? [])
        {
            var content = place.At("content").Text();
            if (content.Length == 0)
                continue;
            var id = TokenizerJsonReader.ReadId(place.At("id"), content, path);
            tokens[content] = new AddedToken(ids.GetValueOrDefault(content, id), content)
            {
                Special = Flag(place, "special"),
                SingleWord = Flag(place, "single_word"),
                LeftStrip = Flag(place, "lstrip"),
                RightStrip = Flag(place, "rstrip"),
                Normalized = Flag(place, "normalized"),
            };
        }

        var taken = tokens.Values.All(token => ids.ContainsKey(token.Content)) ? [] : ids.Values.ToHashSet();
        foreach (var token in tokens.Values)
        {
            var isTaken = !ids.ContainsKey(token.Content) && taken.Contains(token.Id);
            if (isTaken || !owners.TryAdd(token.Id, token.Content))
            {
                throw TokenizerJsonReader.Refusal(
                    path,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"its added token '{ShownText.Of(token.Content)}' has the id {token.Id}, which is another entry's"
                    )
                );
            }
        }

        return [.. tokens.Values];
    }

    private static bool Flag(JsonPlace token, string name) => token.Optional(name)?.Flag() ?? false;
}
