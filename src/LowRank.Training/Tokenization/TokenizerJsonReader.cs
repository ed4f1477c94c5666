using System.Globalization;
using LowRank.Training.Json;
using LowRank.Training.Tokenization.Added;
using LowRank.Training.Tokenization.Models;
using LowRank.Training.Tokenization.Splitting;

namespace LowRank.Training.Tokenization;

/// <summary>
/// Reads <c>tokenizer.json</c> files, as Hugging Face's <c>tokenizers</c> writes them. Whatever would change ids and is not known is
/// refused by its name, never passed over.
/// </summary>
internal static class TokenizerJsonReader
{
    /// <summary>Ids index tables; a stray large one would ask for all memory.</summary>
    public const int LargestId = 1 << 22;

    private const int MostSteps = 200;

    private static readonly string[] EndOfTextNames =
    [
        TokenizerJsonWriter.EndOfText,
        "<|end_of_text|>",
        "</s>",
        "<eos>",
        "<｜end▁of▁sentence｜>",
        "<EOT>",
        "<|EOT|>",
        "<|eos|>",
        "[EOS]",
        "<EOS>",
        "<|im_end|>",
        "<|eot_id|>",
        "[SEP]",
    ];

    /// <param name="json">The file.</param>
    /// <param name="path">Its path, which messages name.</param>
    /// <param name="given">
    /// What files beside it say of special tokens; the first that ends texts ends documents where no name is known.
    /// </param>
    /// <exception cref="InputException">The file is not such a tokenizer.</exception>
    public static TokenizerDefinition Read(byte[] json, string path, SpecialTokenIds? given = null)
    {
        try
        {
            return Read(JsonFile.Parse(json, path), path, given ?? SpecialTokenIds.None);
        }
        catch (WrongJsonException exception)
        {
            throw Refusal(path, $"it is not a Hugging Face tokenizer.json ({exception.What})");
        }
    }

    public static InputException Refusal(string path, string reason) =>
        new(
            $"The tokenizer '{path}' cannot be used: {reason}. Use another tokenizer.json or SentencePiece model, or leave it out and let one be trained."
        );

    /// <summary>Refuses steps without end: they call each other.</summary>
    public static void RefuseMany(int steps, string what, string path)
    {
        if (steps > MostSteps)
            throw Refusal(path, string.Create(CultureInfo.InvariantCulture, $"its {what} has {steps} steps, more than {MostSteps}"));
    }

    public static int ReadId(JsonPlace place, string token, string path)
    {
        var id = place.Whole();
        return id is >= 0 and < LargestId
            ? (int)id
            : throw Refusal(
                path,
                string.Create(CultureInfo.InvariantCulture, $"the id {id} of '{ShownText.Of(token)}' is not between 0 and {LargestId}")
            );
    }

    private static TokenizerDefinition Read(JsonPlace root, string path, SpecialTokenIds given)
    {
        if (root.Optional("version")?.Text() is { } version && version != "1.0")
            throw Refusal(path, $"its version is {ShownText.Of(version)}, not 1.0");
        var model = new TokenizerJsonModel(root, path);
        var added = TokenizerJsonAddedTokens.Read(root, model.Ids, path);
        var names = Names(model.Ids, added);
        var before = TokenizerJsonTemplate.Read(root, path);
        RequireEntries(before, names, path);
        var ids = given.Resolve(names, path);
        var (steps, isByteLevel) = TokenizerJsonPreTokenizer.Read(root, path);
        var special = added.Where(token => token.Special).Select(token => token.Id).ToHashSet();
        var words = isByteLevel && model.ReadByteLevel(special) is { } vocabulary ? new WordEncoder(vocabulary) : null;
        SplitStep? cut = null;
        WordModel chosen = words ?? model.Read(out cut);
        if (words is null && isByteLevel)
            steps = [.. steps, new ByteAlphabetStep()];
        if (cut is not null)
            steps = [.. steps, cut];
        return new TokenizerDefinition
        {
            Names = names,
            Normalizer = TokenizerJsonNormalizer.Read(root, path),
            Steps = steps,
            Model = chosen,
            TakesAnyBytes = words is not null,
            Added = added,
            Before = before,
            Decoder = TokenizerJsonDecoder.IsByteLevel(root) ? null : TokenizerJsonDecoder.Read(root, path),
            EndOfText = FindEndOfText(names, special, ids.EndTokens, path),
            Ids = ids,
            Notes = Notes(root, path),
        };
    }

    private static string?[] Names(IReadOnlyDictionary<string, int> ids, IReadOnlyList<AddedToken> added)
    {
        var names = new string?[Math.Max(ids.Count == 0 ? 0 : ids.Values.Max(), added.Count == 0 ? 0 : added.Max(token => token.Id)) + 1];
        foreach (var (token, id) in ids)
            names[id] = token;
        foreach (var token in added)
            names[token.Id] = token.Content;
        return names;
    }

    private static void RequireEntries(IReadOnlyList<int> ids, string?[] names, string path)
    {
        foreach (var id in ids)
        {
            if (id >= names.Length || names[id] is null)
                throw Refusal(
                    path,
                    string.Create(CultureInfo.InvariantCulture, $"its post_processor adds the id {id}, which no entry has")
                );
        }
    }

    private static int FindEndOfText(string?[] names, HashSet<int> special, IReadOnlyList<int> endTokens, string path)
    {
        // Gemma's </s> is a tag of web pages, and its end of text <eos>: one that is special comes first.
        foreach (var isSpecial in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (var name in EndOfTextNames)
            {
                if (Array.IndexOf(names, name) is >= 0 and var id && special.Contains(id) == isSpecial)
                    return id;
            }
        }

        return endTokens.Count > 0
            ? endTokens[0]
            : throw Refusal(
                path,
                $"it has no token that is known to end a text (one of {string.Join(", ", EndOfTextNames)}), and no config.json, generation_config.json or tokenizer_config.json beside it names another"
            );
    }

    // What belongs to a call of the library and not to a tokenizer.
    private static List<string> Notes(JsonPlace root, string path)
    {
        var notes = new List<string>();
        foreach (var name in (ReadOnlySpan<string>)["truncation", "padding"])
        {
            if (root.Optional(name) is not null)
                notes.Add($"'{path}' asks for {name}, which is passed over: a text's ids are all of its own.");
        }

        return notes;
    }
}
