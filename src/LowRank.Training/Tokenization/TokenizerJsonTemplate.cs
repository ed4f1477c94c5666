using LowRank.Training.Json;

namespace LowRank.Training.Tokenization;

/// <summary>Reads what the post-processor of a <c>tokenizer.json</c> sets before a text.</summary>
internal static class TokenizerJsonTemplate
{
    /// <summary>The ids that stand before a single text.</summary>
    /// <exception cref="InputException">The post-processor is of an unknown kind.</exception>
    public static IReadOnlyList<int> Read(JsonPlace root, string path) =>
        root.Optional("post_processor") is { } processor ? Before(processor, path) : [];

    private static List<int> Before(JsonPlace processor, string path)
    {
        switch (processor.At("type").Text())
        {
            case "ByteLevel":
                return [];
            case "BertProcessing" or "RobertaProcessing":
                var pair = processor.At("cls").Elements();
                return pair.Count == 2
                    ? [TokenizerJsonReader.ReadId(pair[1], pair[0].Text(), path)]
                    : throw processor.At("cls").MustBe("a token and its id");
            case "TemplateProcessing":
                return Template(processor, path);
            case "Sequence":
                var before = new List<int>();
                foreach (var part in processor.At("processors").Elements())
                    before.InsertRange(0, Before(part, path));
                return before;
            case var other:
                throw TokenizerJsonReader.Refusal(path, $"its post_processor is {ShownText.Of(other)}, which is not known");
        }
    }

    private static List<int> Template(JsonPlace processor, string path)
    {
        var before = new List<int>();
        foreach (var piece in processor.At("single").Elements())
        {
            if (piece.Optional("Sequence") is not null)
                break;
            var name = piece.At("SpecialToken").At("id").Text();
            foreach (var id in processor.At("special_tokens").At(name).At("ids").Elements())
                before.Add(TokenizerJsonReader.ReadId(id, name, path));
        }

        return before;
    }
}
