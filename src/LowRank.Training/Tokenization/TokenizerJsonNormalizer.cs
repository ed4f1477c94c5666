using System.Text;
using LowRank.Training.Json;
using LowRank.Training.Tokenization.Normalization;
using LowRank.Training.Tokenization.Patterns;

namespace LowRank.Training.Tokenization;

/// <summary>Reads how a <c>tokenizer.json</c> rewrites text before it is split.</summary>
internal static class TokenizerJsonNormalizer
{
    private const int DeepestSequence = 32;

    /// <summary>What it does; null for nothing.</summary>
    /// <exception cref="InputException">A step is of an unknown kind, or can't be followed.</exception>
    public static TextNormalizer? Read(JsonPlace root, string path)
    {
        if (root.Optional("normalizer") is not { } normalizer)
            return null;
        var steps = new List<TextNormalizer>();
        Add(normalizer, steps, path, depth: 0);
        return steps.Count switch
        {
            0 => null,
            1 => steps[0],
            _ => new NormalizerSequence(steps),
        };
    }

    /// <summary>A <c>Replace</c>, which normalizers and decoders have alike.</summary>
    public static TextNormalizer Replacement(JsonPlace step, string path)
    {
        var content = Encoding.UTF8.GetBytes(step.At("content").Text());
        var pattern = step.At("pattern");
        if (pattern.Optional("Regex") is { } expression)
            return new PatternReplaceNormalizer(TokenizerJsonPreTokenizer.Compile(expression.Text(), path), content);
        var old = pattern.At("String").Text();
        // Nothing stands before and behind every character.
        return old.Length > 0
            ? new ReplaceNormalizer(Encoding.UTF8.GetBytes(old), content)
            : new PatternReplaceNormalizer(PatternProgram.Literal(old), content);
    }

    private static void Add(JsonPlace step, List<TextNormalizer> steps, string path, int depth)
    {
        if (depth > DeepestSequence)
            throw TokenizerJsonReader.Refusal(path, "its normalizer nests sequences too deep");
        switch (step.At("type").Text())
        {
            case "Sequence":
                foreach (var part in step.At("normalizers").Elements())
                    Add(part, steps, path, depth + 1);
                break;
            case "NFC":
                steps.Add(new FormNormalizer(NormalizationForm.FormC));
                break;
            case "NFD":
                steps.Add(new FormNormalizer(NormalizationForm.FormD));
                break;
            case "NFKC":
                steps.Add(new FormNormalizer(NormalizationForm.FormKC));
                break;
            case "NFKD":
                steps.Add(new FormNormalizer(NormalizationForm.FormKD));
                break;
            case "Lowercase":
                steps.Add(CharacterNormalizer.Lowercase);
                break;
            case "StripAccents":
                steps.Add(CharacterNormalizer.StripAccents);
                break;
            case "Nmt":
                steps.Add(CharacterNormalizer.Nmt);
                break;
            case "Strip":
                steps.Add(new StripNormalizer(step.At("strip_left").Flag(), step.At("strip_right").Flag()));
                break;
            case "Prepend":
                steps.Add(new PrependNormalizer(Encoding.UTF8.GetBytes(step.At("prepend").Text())));
                break;
            case "Replace":
                steps.Add(Replacement(step, path));
                break;
            case "Precompiled":
                steps.Add(Precompiled(step, path));
                break;
            case "BertNormalizer":
                AddBert(step, steps);
                break;
            case "ByteLevel":
                steps.Add(new ByteLevelNormalizer());
                break;
            case var other:
                throw TokenizerJsonReader.Refusal(path, $"its normalizer is {ShownText.Of(other)}, which is not known");
        }
    }

    private static PrecompiledNormalizer Precompiled(JsonPlace step, string path)
    {
        var place = step.At("precompiled_charsmap");
        var text = place.Text();
        var rules = new byte[text.Length];
        return
            Convert.TryFromBase64String(text, rules, out var length) && PrecompiledNormalizer.TryRead(rules.AsSpan(0, length)) is { } read
            ? read
            : throw TokenizerJsonReader.Refusal(path, $"its {place.Path} is no table of rules in Base64");
    }

    private static void AddBert(JsonPlace step, List<TextNormalizer> steps)
    {
        var lowercase = step.At("lowercase").Flag();
        if (step.At("clean_text").Flag())
            steps.Add(CharacterNormalizer.CleanText);
        if (step.At("handle_chinese_chars").Flag())
            steps.Add(CharacterNormalizer.SpaceIdeographs);
        if (step.Optional("strip_accents")?.Flag() ?? lowercase)
        {
            steps.Add(new FormNormalizer(NormalizationForm.FormD));
            steps.Add(CharacterNormalizer.StripNonSpacing);
        }

        if (lowercase)
            steps.Add(CharacterNormalizer.Lowercase);
    }
}
