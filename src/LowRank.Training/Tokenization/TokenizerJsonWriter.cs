using System.Text.Encodings.Web;
using System.Text.Json;

namespace LowRank.Training.Tokenization;

/// <summary>
/// Writes the <c>tokenizer.json</c> of a trained vocabulary, whose last id ends texts: byte for byte the same for the same merges.
/// </summary>
internal static class TokenizerJsonWriter
{
    public const string EndOfText = "<|endoftext|>";

    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Write(BytePairVocabulary vocabulary)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteNull("truncation");
            json.WriteNull("padding");
            WriteAddedTokens(json, vocabulary.Size - 1);
            json.WriteNull("normalizer");
            WriteByteLevel(json, "pre_tokenizer");
            json.WriteNull("post_processor");
            WriteByteLevel(json, "decoder");
            WriteModel(json, vocabulary);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteAddedTokens(Utf8JsonWriter json, int endOfText)
    {
        json.WriteStartArray("added_tokens");
        json.WriteStartObject();
        json.WriteNumber("id", endOfText);
        json.WriteString("content", EndOfText);
        json.WriteBoolean("single_word", false);
        json.WriteBoolean("lstrip", false);
        json.WriteBoolean("rstrip", false);
        json.WriteBoolean("normalized", false);
        json.WriteBoolean("special", true);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteByteLevel(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", true);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, BytePairVocabulary vocabulary)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteNull("unk_token");
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        json.WriteBoolean("ignore_merges", vocabulary.IgnoreMerges);
        json.WriteStartObject("vocab");
        for (var id = 0; id < vocabulary.Size - 1; id++)
            json.WriteNumber(ByteAlphabet.Write(vocabulary.Texts[id]), id);

        json.WriteNumber(EndOfText, vocabulary.Size - 1);
        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach ((var left, var right, _) in vocabulary.Merges)
        {
            // As one string, the form that every version of the library reads: the alphabet has no space.
            json.WriteStringValue($"{ByteAlphabet.Write(vocabulary.Texts[left])} {ByteAlphabet.Write(vocabulary.Texts[right])}");
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
