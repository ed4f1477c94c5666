using System.Text.Json;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Pretrained;

/// <summary>The tokenizer's files beside exported weights.</summary>
/// <param name="EndOfText">The id of the token that ends a text.</param>
internal sealed record ExportedTokenizer(int EndOfText)
{
    public const string FileName = "tokenizer.json";

    private const string SettingsFile = "tokenizer_config.json";

    /// <summary>Writes <c>tokenizer.json</c> as it is, and the settings that Hugging Face's library looks for.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="tokenizerPath">The <c>tokenizer.json</c>.</param>
    /// <param name="context">The model's context, in tokens.</param>
    /// <exception cref="InputException">The file is no byte-level byte-pair tokenizer.</exception>
    public static ExportedTokenizer Write(string folder, string tokenizerPath, int context)
    {
        var tokenizer = Tokenizer.Load(tokenizerPath);
        tokenizer.Save(Path.Combine(folder, FileName));
        using var stream = File.Create(Path.Combine(folder, SettingsFile));
        using var json = new Utf8JsonWriter(
            stream,
            new JsonWriterOptions
            {
                Indented = true,
                NewLine = "\n",
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
        json.WriteStartObject();
        json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
        json.WriteBoolean("clean_up_tokenization_spaces", false);
        json.WriteNumber("model_max_length", context);
        json.WriteString("bos_token", tokenizer.EndOfTextName);
        json.WriteString("eos_token", tokenizer.EndOfTextName);
        json.WriteEndObject();
        return new ExportedTokenizer(tokenizer.EndOfText);
    }
}
