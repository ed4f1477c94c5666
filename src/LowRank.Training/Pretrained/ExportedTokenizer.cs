using System.Text.Json;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Pretrained;

/// <summary>The tokenizer's files beside exported weights.</summary>
/// <param name="Begin">The id with which texts begin.</param>
/// <param name="Ends">The ids at which they end.</param>
/// <param name="Ids">What the model came with, <c>config.json</c>'s own ids among them.</param>
internal sealed record ExportedTokenizer(int Begin, IReadOnlyList<int> Ends, SpecialTokenIds Ids)
{
    public const string FileName = "tokenizer.json";

    private const string SettingsFile = "tokenizer_config.json";

    /// <summary>Writes <c>tokenizer.json</c> as it is, and the settings that Hugging Face's library looks for.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="tokenizerPath">The <c>tokenizer.json</c>.</param>
    /// <param name="context">The model's context, in tokens.</param>
    /// <exception cref="InputException">The file is no tokenizer.</exception>
    public static ExportedTokenizer Write(string folder, string tokenizerPath, int context)
    {
        var tokenizer = Tokenizer.Load(tokenizerPath);
        tokenizer.SaveAlone(Path.Combine(folder, FileName));
        // Without a token of its own for that, a text begins as another one has ended.
        var begin = tokenizer.BeginOfText ?? tokenizer.Ids.BeginToken ?? tokenizer.EndOfText;
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
        json.WriteString("bos_token", tokenizer.Name(begin));
        json.WriteString("eos_token", tokenizer.Name(tokenizer.Ids.EndTokens is [var end, ..] ? end : tokenizer.EndOfText));
        json.WriteEndObject();
        return new ExportedTokenizer(begin, tokenizer.Ids.EndTokens is [_, ..] ends ? ends : tokenizer.EndTokens, tokenizer.Ids);
    }
}
