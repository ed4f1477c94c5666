using System.Globalization;
using System.Text;
using LowRank.Training.Json;

namespace LowRank.Training.Tokenization;

/// <summary>
/// Reads the <c>tokenizer.json</c> files of byte-level byte-pair models: GPT-2's kind, and those that split as LLaMA 3 or Qwen 2 do.
/// Whatever would change ids and is not supported is refused, never passed over. Post-processors, which only add special tokens around
/// a text, are read for what they set before it.
/// </summary>
internal static class TokenizerJsonReader
{
    private static readonly string[] EndOfTextNames = [TokenizerJsonWriter.EndOfText, "<|end_of_text|>", "</s>", "<eos>"];

    /// <exception cref="InputException">The file is not such a tokenizer; the message names <paramref name="path"/>.</exception>
    public static BytePairVocabulary Read(byte[] json, string path)
    {
        try
        {
            return Read(JsonFile.Parse(json, path), path);
        }
        catch (WrongJsonException exception)
        {
            throw Refusal(path, $"it is not a Hugging Face tokenizer.json ({exception.What})");
        }
    }

    private static BytePairVocabulary Read(JsonPlace root, string path)
    {
        var model = root.At("model") is { IsObject: true } found ? found : throw root.At("model").MustBe("an object");
        RefuseOtherModels(root, model, path);
        var pattern = TokenizerJsonPreTokenizer.Read(root, path);

        var idOfToken = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((var token, JsonPlace id) in model.At("vocab").Members())
            idOfToken[token] = ReadId(id, token, path);

        var added = TokenizerJsonAddedTokens.Read(root, path);
        var addedTexts = new Dictionary<int, byte[]>();
        foreach (var token in added)
        {
            addedTexts[token.Id] =
                token.Special ? []
                : ByteAlphabet.TryRead(token.Content, out var bytes) ? bytes
                : Encoding.UTF8.GetBytes(token.Content);
            idOfToken[token.Content] = token.Id;
        }

        var (endOfText, endOfTextName) = FindEndOfText(idOfToken, path);
        addedTexts[endOfText] = [];
        var texts = ReadTexts(idOfToken, addedTexts, path);
        var before = TokenizerJsonTemplate.Read(root, path);
        if (before.FirstOrDefault(id => id >= texts.Length, -1) is >= 0 and var unknown)
            throw Refusal(
                path,
                string.Create(CultureInfo.InvariantCulture, $"its post_processor adds the id {unknown}, which no entry has")
            );
        return new BytePairVocabulary
        {
            Size = texts.Length,
            IdOfByte = FindBytes(idOfToken, path),
            Merges = ReadMerges(model.At("merges"), idOfToken, path),
            Texts = texts,
            Added = added,
            Before = before,
            EndOfText = endOfText,
            EndOfTextName = endOfTextName,
            Pattern = pattern,
            Composes = root.Optional("normalizer") is { } normalizer && IsFormC(normalizer),
            IgnoreMerges = model.Optional("ignore_merges")?.Flag() ?? false,
        };
    }

    public static InputException Refusal(string path, string reason) =>
        new(
            $"The tokenizer '{path}' cannot be used: {reason}. Use a byte-level BPE tokenizer.json that splits text as GPT-2, LLaMA 3 or Qwen 2 does and normalizes it to form C or not at all, or leave it out and let one be trained."
        );

    private static void RefuseOtherModels(JsonPlace root, JsonPlace model, string path)
    {
        var type = model.Optional("type")?.Text() ?? "BPE";
        if (type != "BPE")
            throw Refusal(path, $"its model is {ShownText.Of(type)}, not BPE");

        if (root.Optional("normalizer") is { } normalizer && !IsFormC(normalizer))
            throw Refusal(path, $"it normalizes text by {ShownText.Of(normalizer.At("type").Text())}");

        if (model.Optional("byte_fallback")?.Flag() == true)
            throw Refusal(path, "it falls back to bytes (SentencePiece kind) instead of being byte-level");

        if (model.Optional("dropout")?.Real() is > 0)
            throw Refusal(path, "it drops merges at random (dropout)");

        foreach (var affix in (ReadOnlySpan<string>)["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (!string.IsNullOrEmpty(model.Optional(affix)?.Text()))
                throw Refusal(path, $"it marks parts of words ({affix})");
        }
    }

    private static bool IsFormC(JsonPlace normalizer) => normalizer.At("type").Text() == "NFC";

    public static int ReadId(JsonPlace place, string token, string path)
    {
        // Ids index tables; a stray large one would ask for all memory.
        const int Largest = 1 << 22;
        var id = place.Whole();
        return id is >= 0 and < Largest
            ? (int)id
            : throw Refusal(
                path,
                string.Create(CultureInfo.InvariantCulture, $"the id {id} of '{ShownText.Of(token)}' is not between 0 and {Largest}")
            );
    }

    private static (int Id, string Name) FindEndOfText(Dictionary<string, int> idOfToken, string path)
    {
        foreach (var name in EndOfTextNames)
        {
            if (idOfToken.TryGetValue(name, out var id))
                return (id, name);
        }

        throw Refusal(path, $"it has no token that ends a text (one of {string.Join(", ", EndOfTextNames)})");
    }

    private static byte[][] ReadTexts(Dictionary<string, int> idOfToken, Dictionary<int, byte[]> addedTexts, string path)
    {
        var texts = new byte[idOfToken.Values.Max() + 1][];
        Array.Fill(texts, []);
        foreach (var (token, id) in idOfToken)
        {
            if (addedTexts.TryGetValue(id, out var text) || ByteAlphabet.TryRead(token, out text))
                texts[id] = text;
            else
                throw Refusal(path, $"its entry '{ShownText.Of(token)}' is not written in the byte-level alphabet");
        }

        return texts;
    }

    private static int[] FindBytes(Dictionary<string, int> idOfToken, string path)
    {
        var ids = new int[256];
        for (var value = 0; value < 256; value++)
        {
            if (!idOfToken.TryGetValue(ByteAlphabet.Write([(byte)value]), out ids[value]))
                throw Refusal(path, string.Create(CultureInfo.InvariantCulture, $"it has no entry for the byte 0x{value:X2}"));
        }

        return ids;
    }

    private static List<(int Left, int Right, int Product)> ReadMerges(JsonPlace merges, Dictionary<string, int> idOfToken, string path)
    {
        var pairs = merges.Elements();
        var read = new List<(int Left, int Right, int Product)>(pairs.Count);
        foreach (var merge in pairs)
        {
            var parts = merge.IsText ? merge.Text().Split(' ') : [.. merge.Elements().Select(part => part.Text())];
            if (
                parts.Length != 2
                || !idOfToken.TryGetValue(parts[0], out var left)
                || !idOfToken.TryGetValue(parts[1], out var right)
                || !idOfToken.TryGetValue(parts[0] + parts[1], out var product)
            )
            {
                throw Refusal(
                    path,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"merge {read.Count + 1} ('{ShownText.Of(string.Join(' ', parts))}') is not a pair of entries that make a third"
                    )
                );
            }

            read.Add((left, right, product));
        }

        return read;
    }
}
