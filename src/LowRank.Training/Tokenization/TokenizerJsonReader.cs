using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LowRank.Training.Tokenization;

/// <summary>
/// Reads the <c>tokenizer.json</c> files of byte-level byte-pair models: GPT-2's kind, and those that split as LLaMA 3 or Qwen 2 do.
/// Whatever would change ids and is not supported is refused, never passed over. Post-processors, which only add special tokens around
/// a text, are not applied.
/// </summary>
internal static class TokenizerJsonReader
{
    private static readonly string[] EndOfTextNames = [TokenizerJsonWriter.EndOfText, "<|end_of_text|>", "</s>", "<eos>"];

    /// <exception cref="InputException">The file is not such a tokeniser; the message names <paramref name="path"/>.</exception>
    public static BytePairVocabulary Read(byte[] json, string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return Read(document.RootElement, path);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Refusal(path, $"it is not a Hugging Face tokenizer.json ({exception.Message.TrimEnd('.')})");
        }
    }

    private static BytePairVocabulary Read(JsonElement root, string path)
    {
        JsonElement model = root.GetProperty("model");
        RefuseOtherModels(root, model, path);
        SplitPattern pattern = TokenizerJsonPreTokenizer.Read(root, path);

        var idOfToken = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (JsonProperty entry in model.GetProperty("vocab").EnumerateObject())
        {
            idOfToken[entry.Name] = ReadId(entry.Value, entry.Name, path);
        }

        var addedTexts = new Dictionary<int, byte[]>();
        if (Optional(root, "added_tokens") is { } added)
        {
            foreach (JsonElement token in added.EnumerateArray())
            {
                string content = token.GetProperty("content").GetString()!;
                int id = ReadId(token.GetProperty("id"), content, path);
                bool special = Optional(token, "special")?.GetBoolean() ?? false;
                addedTexts[id] = special ? [] : Encoding.UTF8.GetBytes(content);
                idOfToken[content] = id;
            }
        }

        (int endOfText, string endOfTextName) = FindEndOfText(idOfToken, path);
        addedTexts[endOfText] = [];
        byte[][] texts = ReadTexts(idOfToken, addedTexts, path);
        return new BytePairVocabulary
        {
            Size = texts.Length,
            IdOfByte = FindBytes(idOfToken, path),
            Merges = ReadMerges(model.GetProperty("merges"), idOfToken, path),
            Texts = texts,
            EndOfText = endOfText,
            EndOfTextName = endOfTextName,
            Pattern = pattern,
            Composes = Optional(root, "normalizer") is { } normalizer && IsFormC(normalizer),
            IgnoreMerges = Optional(model, "ignore_merges")?.GetBoolean() ?? false,
        };
    }

    /// <summary>The property, or null when it is absent or JSON null.</summary>
    public static JsonElement? Optional(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static InputException Refusal(string path, string reason) =>
        new($"The tokenizer '{path}' cannot be used: {reason}. Use a byte-level BPE tokenizer.json that splits text as GPT-2, LLaMA 3 or Qwen 2 does and normalises it to form C or not at all, or leave it out and let one be trained.");

    private static void RefuseOtherModels(JsonElement root, JsonElement model, string path)
    {
        string type = Optional(model, "type")?.GetString() ?? "BPE";
        if (type != "BPE")
        {
            throw Refusal(path, $"its model is {type}, not BPE");
        }

        if (Optional(root, "normalizer") is { } normalizer && !IsFormC(normalizer))
        {
            throw Refusal(path, $"it normalises text by {Optional(normalizer, "type")}");
        }

        if (Optional(model, "byte_fallback")?.GetBoolean() == true)
        {
            throw Refusal(path, "it falls back to bytes (SentencePiece kind) instead of being byte-level");
        }

        if (Optional(model, "dropout")?.GetDouble() is > 0)
        {
            throw Refusal(path, "it drops merges at random (dropout)");
        }

        foreach (string affix in (ReadOnlySpan<string>)["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (!string.IsNullOrEmpty(Optional(model, affix)?.GetString()))
            {
                throw Refusal(path, $"it marks parts of words ({affix})");
            }
        }
    }

    private static bool IsFormC(JsonElement normalizer) => Optional(normalizer, "type")?.GetString() == "NFC";

    private static int ReadId(JsonElement value, string token, string path)
    {
        // Ids index tables; a stray large one would ask for all memory.
        const int Largest = 1 << 24;
        return value.TryGetInt32(out int id) && id is >= 0 and < Largest
            ? id
            : throw Refusal(path, $"the id {value} of '{token}' is not between 0 and {Largest.ToString(CultureInfo.InvariantCulture)}");
    }

    private static (int Id, string Name) FindEndOfText(Dictionary<string, int> idOfToken, string path)
    {
        foreach (string name in EndOfTextNames)
        {
            if (idOfToken.TryGetValue(name, out int id))
            {
                return (id, name);
            }
        }

        throw Refusal(path, $"it has no token that ends a text (one of {string.Join(", ", EndOfTextNames)})");
    }

    private static byte[][] ReadTexts(Dictionary<string, int> idOfToken, Dictionary<int, byte[]> addedTexts, string path)
    {
        var texts = new byte[idOfToken.Values.Max() + 1][];
        Array.Fill(texts, []);
        foreach ((string token, int id) in idOfToken)
        {
            if (addedTexts.TryGetValue(id, out byte[]? text) || ByteAlphabet.TryRead(token, out text))
            {
                texts[id] = text;
            }
            else
            {
                throw Refusal(path, $"its entry '{token}' is not written in the byte-level alphabet");
            }
        }

        return texts;
    }

    private static int[] FindBytes(Dictionary<string, int> idOfToken, string path)
    {
        var ids = new int[256];
        for (int value = 0; value < 256; value++)
        {
            if (!idOfToken.TryGetValue(ByteAlphabet.Write([(byte)value]), out ids[value]))
            {
                throw Refusal(path, string.Create(CultureInfo.InvariantCulture, $"it has no entry for the byte 0x{value:X2}"));
            }
        }

        return ids;
    }

    private static List<(int Left, int Right, int Product)> ReadMerges(
        JsonElement merges, Dictionary<string, int> idOfToken, string path)
    {
        var read = new List<(int Left, int Right, int Product)>(merges.GetArrayLength());
        foreach (JsonElement merge in merges.EnumerateArray())
        {
            string[] parts = merge.ValueKind == JsonValueKind.String
                ? merge.GetString()!.Split(' ')
                : [.. merge.EnumerateArray().Select(part => part.GetString()!)];
            if (parts.Length != 2
                || !idOfToken.TryGetValue(parts[0], out int left)
                || !idOfToken.TryGetValue(parts[1], out int right)
                || !idOfToken.TryGetValue(parts[0] + parts[1], out int product))
            {
                throw Refusal(path, string.Create(
                    CultureInfo.InvariantCulture,
                    $"merge {read.Count + 1} ('{string.Join(' ', parts)}') is not a pair of entries that make a third"));
            }

            read.Add((left, right, product));
        }

        return read;
    }
}
