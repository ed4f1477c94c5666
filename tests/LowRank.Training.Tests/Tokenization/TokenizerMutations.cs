using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LowRank.Training.Tests.Tokenization;

/// <summary>
/// Damage that knows what a <c>tokenizer.json</c> is made of: steps exchanged, nested and left out, expressions with signs too many, merges
/// and vocabularies that don't fit each other. The file stays JSON.
/// </summary>
internal static class TokenizerMutations
{
    private const string Vocabulary = "vocab";
    private const string Merges = "merges";

    private static readonly string[] Kinds =
    [
        "BPE",
        "Unigram",
        "WordPiece",
        "WordLevel",
        "Sequence",
        "ByteLevel",
        "Split",
        "Metaspace",
        "Replace",
        "Strip",
        "Prepend",
        "Digits",
        "FixedLength",
        "Precompiled",
        "BertNormalizer",
        "BertPreTokenizer",
        "TemplateProcessing",
        "RobertaProcessing",
        "ByteFallback",
        "Fuse",
        "CTC",
        "Whatever",
    ];

    private static readonly string[] Signs =
    [
        "(",
        ")",
        "[",
        "]",
        "(?=",
        "(?<!",
        "(?>",
        "(?i:",
        "*",
        "+",
        "?",
        "{2,}",
        "{0,99999}",
        "{3,1}",
        "|",
        "^",
        "$",
        ".",
        "\\",
        "\\p{L}",
        "\\P{",
        "\\1",
        "\\x{110000}",
        "[^",
        "a-",
        "&&",
        "[:alpha:]",
        "\\b",
        "\\G",
        "\0",
        "😀",
        "\ud800",
    ];

    private static readonly string[] Lists = ["normalizers", "pretokenizers", "decoders", "processors"];

    /// <summary>Changes one place.</summary>
    /// <param name="content">A file; one that is no JSON any more stays as it is.</param>
    /// <param name="steps">Steps of any files, to be put in others' places.</param>
    /// <param name="dice">Chooses.</param>
    public static byte[] Apply(byte[] content, IReadOnlyList<JsonNode> steps, Dice dice)
    {
        try
        {
            if (JsonNode.Parse(content) is not JsonObject root)
                return content;
            Change(root, steps, dice);
            return Encoding.UTF8.GetBytes(root.ToJsonString());
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            return content;
        }
    }

    /// <summary>The steps of a file: normalizers, splits, decoders and what else says its type.</summary>
    public static IEnumerable<JsonNode> StepsOf(byte[] content) =>
        JsonNode.Parse(content) is { } root
            ? Places(root).Select(place => place.Value).OfType<JsonObject>().Where(value => value.ContainsKey("type"))
            : [];

    private static void Change(JsonObject root, IReadOnlyList<JsonNode> steps, Dice dice)
    {
        if (dice.OneIn(5) && root["model"] is JsonObject model)
        {
            ChangeModel(model, dice);
            return;
        }

        List<Place> places = [.. Places(root)];
        if (places.Count == 0)
            return;
        var place = dice.Of(places);
        switch (dice.Below(7))
        {
            case 0:
                place.Replace(dice.Of(steps).DeepClone());
                break;
            case 1:
                place.Remove();
                break;
            case 2:
                place.Replace(Nested(place.Value, dice));
                break;
            case 3 when place.Value?.Parent is JsonArray list:
                list.Insert(dice.Below(list.Count), place.Value.DeepClone());
                break;
            case 4 when places.Where(one => one.Name == "type").ToList() is { Count: > 0 } types:
                dice.Of(types).Replace(dice.Of(Kinds));
                break;
            case 5
                when places.Where(one => one.Value is JsonValue value && value.GetValueKind() == JsonValueKind.Number).ToList()
                    is { Count: > 0 } numbers:
                dice.Of(numbers).Replace(dice.Of([0L, -1, 1, 2, 255, int.MaxValue, long.MaxValue]));
                break;
            default:
                List<Place> texts =
                [
                    .. places.Where(one =>
                        one.Name != "type" && one.Value is JsonValue value && value.GetValueKind() == JsonValueKind.String
                    ),
                ];
                if (texts.Count > 0)
                    Write(dice.Of(texts), dice);
                break;
        }
    }

    private static void Write(Place place, Dice dice)
    {
        var text = (string)place.Value!;
        for (var left = 1 + dice.Below(3); left > 0; left--)
        {
            var at = dice.Below(text.Length + 1);
            text = dice.OneIn(4) && at < text.Length ? text.Remove(at, 1) : text.Insert(at, dice.Of(Signs));
        }

        place.Replace(text);
    }

    private static JsonNode? Nested(JsonNode? value, Dice dice)
    {
        var list = dice.Of(Lists);
        for (var left = dice.OneIn(8) ? 50 : 1 + dice.Below(3); left > 0; left--)
        {
            var inner = new JsonArray(value?.DeepClone());
            if (dice.OneIn(3) && left < 4)
                inner.Add(value?.DeepClone());
            value = new JsonObject { ["type"] = "Sequence", [list] = inner };
        }

        return value;
    }

    private static void ChangeModel(JsonObject model, Dice dice)
    {
        if (dice.OneIn(2) && model[Merges] is JsonArray { Count: > 0 } merges)
        {
            var (one, other) = (dice.Below(merges.Count), dice.Below(merges.Count));
            switch (dice.Below(4))
            {
                case 0:
                    (var left, var right) = (merges[one]?.DeepClone(), merges[other]?.DeepClone());
                    (merges[one], merges[other]) = (right, left);
                    break;
                case 1:
                    merges.RemoveAt(one);
                    break;
                case 2:
                    merges.Insert(one, merges[other]?.DeepClone());
                    break;
                default:
                    merges[one] = dice.Of(
                        new Func<JsonNode?>[]
                        {
                            () => new JsonArray("zz", "y"),
                            () => new JsonArray("a"),
                            () => new JsonArray("", ""),
                            () => "a b c",
                            () => "",
                            () => 7,
                        }
                    )();
                    break;
            }

            return;
        }

        if (model[Vocabulary] is JsonObject { Count: > 0 } words)
        {
            var (one, other) = (words.ElementAt(dice.Below(words.Count)).Key, words.ElementAt(dice.Below(words.Count)).Key);
            if (dice.OneIn(3))
                words.Remove(one);
            else if (dice.OneIn(2))
                words[one] = words[other]?.DeepClone();
            else
                words[dice.Of(["", " ", "\0", one + other])] = dice.Below(2 * words.Count);
        }
        else if (model[Vocabulary] is JsonArray { Count: > 0 } pieces)
        {
            var at = dice.Below(pieces.Count);
            if (dice.OneIn(2))
                pieces.RemoveAt(at);
            else
                pieces[at] = dice.Of(
                    new Func<JsonNode?>[]
                    {
                        () => new JsonArray("", 0.5),
                        () => new JsonArray("a"),
                        () => new JsonArray("a", "b"),
                        () => pieces[dice.Below(pieces.Count)]?.DeepClone(),
                    }
                )();
        }
    }

    // All values but single words and merges.
    private static IEnumerable<Place> Places(JsonNode node)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                yield return new Place(members, name, -1, value);
                if (value is not null && name is not (Vocabulary or Merges))
                {
                    foreach (var below in Places(value))
                        yield return below;
                }
            }
        }
        else if (node is JsonArray list)
        {
            for (var index = 0; index < list.Count; index++)
            {
                yield return new Place(list, "", index, list[index]);
                if (list[index] is { } value)
                {
                    foreach (var below in Places(value))
                        yield return below;
                }
            }
        }
    }

    private sealed record Place(JsonNode Parent, string Name, int Index, JsonNode? Value)
    {
        public void Replace(JsonNode? value)
        {
            if (Parent is JsonObject members)
                members[Name] = value;
            else
                Parent.AsArray()[Index] = value;
        }

        public void Remove()
        {
            if (Parent is JsonObject members)
                members.Remove(Name);
            else
                Parent.AsArray().RemoveAt(Index);
        }
    }
}
