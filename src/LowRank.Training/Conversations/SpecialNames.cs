using LowRank.Training.Json;
using LowRank.Training.Templates.Values;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Conversations;

/// <summary>The special tokens that templates know by name, such as <c>bos_token</c>, by a model's settings.</summary>
internal static class SpecialNames
{
    private const string Suffix = "_token";

    /// <summary>The names with their texts.</summary>
    /// <param name="companions">The files that came with the model.</param>
    /// <param name="endOfText">How the tokenizer's own end of a text is written, where no file says anything.</param>
    /// <exception cref="InputException">A file is no JSON, or a token in it no text.</exception>
    public static SortedDictionary<string, object?> Read(CompanionFiles companions, string endOfText)
    {
        var names = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        var isSaid = false;
        foreach (var file in new[] { CompanionFiles.SpecialTokens, CompanionFiles.TokenizerConfig })
        {
            if (companions.Find(file) is not { } content)
                continue;
            isSaid = true;
            foreach (var (key, place) in JsonFile.Parse(content, file).Members())
            {
                if (key.EndsWith(Suffix, StringComparison.Ordinal) && !place.IsEmpty && Text(place) is { } text)
                    names[key] = text;
                else if (key == "additional_special_tokens" && place.IsArray)
                    names[key] = new TemplateList([.. place.Elements().Select(Text)]);
            }
        }

        // As export writes it, where a model was not imported.
        if (!isSaid)
            (names["bos_token"], names["eos_token"]) = (endOfText, endOfText);
        return names;
    }

    // Flags such as add_bos_token are no tokens.
    private static string? Text(JsonPlace place) =>
        place.IsText ? place.Text()
        : place.IsObject ? place.At("content").Text()
        : null;
}
