using System.Text.Json;

namespace LowRank.Training.Tokenization;

/// <summary>Reads which splitting pattern a <c>tokenizer.json</c> uses.</summary>
internal static class TokenizerJsonPreTokenizer
{
    /// <exception cref="InputException">Text is split in a way that is not supported.</exception>
    public static SplitPattern Read(JsonElement root, string path)
    {
        JsonElement preTokenizer = TokenizerJsonReader.Optional(root, "pre_tokenizer")
            ?? throw TokenizerJsonReader.Refusal(path, "it has no pre_tokenizer");
        JsonElement[] steps = Type(preTokenizer) == "Sequence"
            ? [.. preTokenizer.GetProperty("pretokenizers").EnumerateArray()]
            : [preTokenizer];
        if (steps.Length is 0 or > 2 || Type(steps[^1]) != "ByteLevel")
        {
            throw TokenizerJsonReader.Refusal(
                path, $"its pre_tokenizer ({string.Join(", ", steps.Select(Type))}) is not ByteLevel, alone or after one Split");
        }

        JsonElement byteLevel = steps[^1];
        if (Flag(byteLevel, "add_prefix_space", absent: true))
        {
            throw TokenizerJsonReader.Refusal(path, "it puts a space before every text (add_prefix_space)");
        }

        bool splitsItself = Flag(byteLevel, "use_regex", absent: true);
        if (steps.Length == 1)
        {
            return splitsItself
                ? SplitPattern.Gpt2
                : throw TokenizerJsonReader.Refusal(path, "it does not split text into words (use_regex is false)");
        }

        if (splitsItself)
        {
            throw TokenizerJsonReader.Refusal(path, "it splits text twice (a Split before a ByteLevel with use_regex)");
        }

        return ReadSplit(steps[0], path);
    }

    private static SplitPattern ReadSplit(JsonElement split, string path)
    {
        if (Type(split) != "Split"
            || TokenizerJsonReader.Optional(split, "behavior")?.GetString() != "Isolated"
            || Flag(split, "invert", absent: false))
        {
            throw TokenizerJsonReader.Refusal(path, $"the {Type(split)} step of its pre_tokenizer is not a Split that isolates its matches");
        }

        string expression = TokenizerJsonReader.Optional(split.GetProperty("pattern"), "Regex")?.GetString()
            ?? throw TokenizerJsonReader.Refusal(path, "its Split has no regular expression");
        return SplitPattern.Find(expression)
            ?? throw TokenizerJsonReader.Refusal(path, $"its splitting pattern {expression} is not one of GPT-2, LLaMA 3 or Qwen 2");
    }

    private static string Type(JsonElement step) => TokenizerJsonReader.Optional(step, "type")?.GetString() ?? "unnamed";

    private static bool Flag(JsonElement step, string name, bool absent) =>
        TokenizerJsonReader.Optional(step, name)?.GetBoolean() ?? absent;
}
