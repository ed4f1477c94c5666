using LowRank.Training.Json;

namespace LowRank.Training.Tokenization;

/// <summary>Reads which splitting pattern a <c>tokenizer.json</c> uses.</summary>
internal static class TokenizerJsonPreTokenizer
{
    /// <exception cref="InputException">Text is split in a way that is not supported.</exception>
    public static SplitPattern Read(JsonPlace root, string path)
    {
        var preTokenizer = root.Optional("pre_tokenizer") ?? throw TokenizerJsonReader.Refusal(path, "it has no pre_tokenizer");
        IReadOnlyList<JsonPlace> steps = Type(preTokenizer) == "Sequence" ? preTokenizer.At("pretokenizers").Elements() : [preTokenizer];
        if (steps.Count is 0 or > 2 || Type(steps[^1]) != "ByteLevel")
        {
            throw TokenizerJsonReader.Refusal(
                path,
                $"its pre_tokenizer ({ShownText.List([.. steps.Select(Type)])}) is not ByteLevel, alone or after one Split"
            );
        }

        var byteLevel = steps[^1];
        if (Flag(byteLevel, "add_prefix_space", absent: true))
            throw TokenizerJsonReader.Refusal(path, "it puts a space before every text (add_prefix_space)");

        var splitsItself = Flag(byteLevel, "use_regex", absent: true);
        if (steps.Count == 1)
        {
            return splitsItself
                ? SplitPattern.Gpt2
                : throw TokenizerJsonReader.Refusal(path, "it does not split text into words (use_regex is false)");
        }

        if (splitsItself)
            throw TokenizerJsonReader.Refusal(path, "it splits text twice (a Split before a ByteLevel with use_regex)");

        return ReadSplit(steps[0], path);
    }

    private static SplitPattern ReadSplit(JsonPlace split, string path)
    {
        if (Type(split) != "Split" || split.Optional("behavior")?.Text() != "Isolated" || Flag(split, "invert", absent: false))
        {
            throw TokenizerJsonReader.Refusal(
                path,
                $"the {ShownText.Of(Type(split))} step of its pre_tokenizer is not a Split that isolates its matches"
            );
        }

        var expression =
            split.At("pattern").Optional("Regex")?.Text() ?? throw TokenizerJsonReader.Refusal(path, "its Split has no regular expression");
        return SplitPattern.Find(expression)
            ?? throw TokenizerJsonReader.Refusal(
                path,
                $"its splitting pattern {ShownText.Of(expression)} is not one of GPT-2, LLaMA 3 or Qwen 2"
            );
    }

    private static string Type(JsonPlace step) => step.Optional("type")?.Text() ?? "unnamed";

    private static bool Flag(JsonPlace step, string name, bool absent) => step.Optional(name)?.Flag() ?? absent;
}
