using System.Text.Encodings.Web;
using System.Text.Json;

namespace LowRank.Training.Tokenization.SentencePiece;

/// <summary>
/// Writes a SentencePiece model as a <c>tokenizer.json</c>, as Hugging Face's library converts its "slow" tokenizers: text is
/// normalized by the model's rules, spaces become U+2581, and pieces of byte-pair models are merged in the order of their scores.
/// </summary>
internal static class SentencePieceConverter
{
    private const string Sign = "\u2581";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The <c>tokenizer.json</c>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">Whether its begin token is set before texts.</param>
    /// <param name="path">The file's path.</param>
    /// <exception cref="InputException">The model can't be expressed so.</exception>
    public static byte[] Convert(SentencePieceModel model, SpecialTokenIds ids, string path)
    {
        if (model.Pieces.Select(piece => piece.Text).Distinct(StringComparer.Ordinal).Count() < model.Pieces.Count)
            throw TokenizerJsonReader.Refusal(path, "two of its pieces are written alike");
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteNull("truncation");
            json.WriteNull("padding");
            WriteAddedTokens(json, model);
            WriteNormalizer(json, model);
            json.WriteNull("pre_tokenizer");
            WriteTemplate(json, model, ids);
            WriteDecoder(json, model);
            json.WriteStartObject("model");
            if (model.IsBytePairs)
                WriteBytePairs(json, model);
            else
                WriteUnigram(json, model);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static int? Unknown(SentencePieceModel model)
    {
        for (var id = 0; id < model.Pieces.Count; id++)
        {
            if (model.Pieces[id].Type == PieceType.Unknown)
                return id;
        }

        return null;
    }

    private static void WriteAddedTokens(Utf8JsonWriter json, SentencePieceModel model)
    {
        json.WriteStartArray("added_tokens");
        for (var id = 0; id < model.Pieces.Count; id++)
        {
            var (text, _, type) = model.Pieces[id];
            if (type is not (PieceType.Unknown or PieceType.Control or PieceType.UserDefined))
                continue;
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("content", text);
            foreach (var flag in (string[])["single_word", "lstrip", "rstrip"])
                json.WriteBoolean(flag, false);
            // SentencePiece looks for them in normalized text. What it sets before a text or strips would change them as well.
            json.WriteBoolean("normalized", type == PieceType.UserDefined && !model.AddsPrefix && !model.RemovesExtraSpaces);
            json.WriteBoolean("special", type != PieceType.UserDefined);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNormalizer(Utf8JsonWriter json, SentencePieceModel model)
    {
        json.WriteStartObject("normalizer");
        json.WriteString("type", "Sequence");
        json.WriteStartArray("normalizers");
        if (model.Rules.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("type", "Precompiled");
            json.WriteBase64String("precompiled_charsmap", model.Rules);
            json.WriteEndObject();
        }

        if (model.RemovesExtraSpaces)
        {
            json.WriteStartObject();
            json.WriteString("type", "Strip");
            json.WriteBoolean("strip_left", true);
            json.WriteBoolean("strip_right", true);
            json.WriteEndObject();
            WriteReplace(json, "Regex", " {2,}", " ");
        }

        if (model.AddsPrefix)
        {
            json.WriteStartObject();
            json.WriteString("type", "Prepend");
            json.WriteString("prepend", Sign);
            json.WriteEndObject();
        }

        WriteReplace(json, "String", " ", Sign);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteReplace(Utf8JsonWriter json, string kind, string pattern, string content)
    {
        json.WriteStartObject();
        json.WriteString("type", "Replace");
        json.WriteStartObject("pattern");
        json.WriteString(kind, pattern);
        json.WriteEndObject();
        json.WriteString("content", content);
        json.WriteEndObject();
    }

    private static void WriteTemplate(Utf8JsonWriter json, SentencePieceModel model, SpecialTokenIds ids)
    {
        if (!ids.AddsBeginToken || (ids.BeginToken ?? model.Begin) is not { } begin || begin >= model.Pieces.Count)
        {
            json.WriteNull("post_processor");
            return;
        }

        var name = model.Pieces[begin].Text;
        json.WriteStartObject("post_processor");
        json.WriteString("type", "TemplateProcessing");
        foreach (var (key, texts) in (ReadOnlySpan<(string, string[])>)[("single", ["A"]), ("pair", ["A", "B"])])
        {
            json.WriteStartArray(key);
            for (var text = 0; text < texts.Length; text++)
            {
                WriteTemplatePart(json, "SpecialToken", name, text);
                WriteTemplatePart(json, "Sequence", texts[text], text);
            }

            json.WriteEndArray();
        }

        json.WriteStartObject("special_tokens");
        json.WriteStartObject(name);
        json.WriteString("id", name);
        json.WriteStartArray("ids");
        json.WriteNumberValue(begin);
        json.WriteEndArray();
        json.WriteStartArray("tokens");
        json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTemplatePart(Utf8JsonWriter json, string kind, string id, int type)
    {
        json.WriteStartObject();
        json.WriteStartObject(kind);
        json.WriteString("id", id);
        json.WriteNumber("type_id", type);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteDecoder(Utf8JsonWriter json, SentencePieceModel model)
    {
        json.WriteStartObject("decoder");
        json.WriteString("type", "Sequence");
        json.WriteStartArray("decoders");
        WriteReplace(json, "String", Sign, " ");
        foreach (var type in (string[])["ByteFallback", "Fuse"])
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteEndObject();
        }

        if (model.AddsPrefix)
        {
            json.WriteStartObject();
            json.WriteString("type", "Strip");
            json.WriteString("content", " ");
            json.WriteNumber("start", 1);
            json.WriteNumber("stop", 0);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteUnigram(Utf8JsonWriter json, SentencePieceModel model)
    {
        json.WriteString("type", "Unigram");
        if (Unknown(model) is { } unknown)
            json.WriteNumber("unk_id", unknown);
        else
            json.WriteNull("unk_id");
        json.WriteStartArray("vocab");
        foreach (var (text, score, _) in model.Pieces)
        {
            json.WriteStartArray();
            json.WriteStringValue(text);
            json.WriteNumberValue((double)score);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteBoolean("byte_fallback", model.ByteFallback);
    }

    private static void WriteBytePairs(Utf8JsonWriter json, SentencePieceModel model)
    {
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteString("unk_token", Unknown(model) is { } unknown ? model.Pieces[unknown].Text : null);
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", true);
        json.WriteBoolean("byte_fallback", model.ByteFallback);
        json.WriteBoolean("ignore_merges", false);
        json.WriteStartObject("vocab");
        for (var id = 0; id < model.Pieces.Count; id++)
            json.WriteNumber(model.Pieces[id].Text, id);
        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (var (left, right) in Merges(model))
        {
            json.WriteStartArray();
            json.WriteStringValue(left);
            json.WriteStringValue(right);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    // SentencePiece merges the pair whose piece has the highest score. A piece can be made of several pairs of pieces.
    private static IEnumerable<(string Left, string Right)> Merges(SentencePieceModel model)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < model.Pieces.Count; id++)
            ids[model.Pieces[id].Text] = id;
        var found = new List<(float Score, int LeftLength, int RightLength, int Left, int Right)>();
        foreach (var (text, score, type) in model.Pieces)
        {
            if (type != PieceType.Normal)
                continue;
            for (var cut = 1; cut < text.Length; cut++)
            {
                if (
                    char.IsLowSurrogate(text[cut])
                    || !ids.TryGetValue(text[..cut], out var left)
                    || !ids.TryGetValue(text[cut..], out var right)
                )
                    continue;
                if (model.Pieces[left].Type == PieceType.Normal && model.Pieces[right].Type == PieceType.Normal)
                    found.Add((score, cut, text.Length - cut, left, right));
            }
        }

        return found
            .OrderByDescending(merge => merge.Score)
            .ThenByDescending(merge => merge.LeftLength)
            .ThenByDescending(merge => merge.RightLength)
            .Select(merge => (model.Pieces[merge.Left].Text, model.Pieces[merge.Right].Text));
    }
}
