using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace LowRank.EndToEnd.Tests.Mutations;

/// <summary>Damage that leaves a document in its form: other kinds and values, keys that are gone, doubled or called otherwise.</summary>
internal static class JsonMutations
{
    // What no library writes goes into the document as a text of its own and is put in its place afterwards.
    private const string Raw = "@@raw";
    private const string Again = "@@again";

    private static readonly string[] Values =
    [
        "null",
        "null",
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1",
        "1.5",
        "-0.0",
        "1e3",
        "1e18",
        "2000000000",
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "1e999",
        "-1e999",
        "1e-999",
        "NaN",
        "Infinity",
        "\"\"",
        "\"1\"",
        "\"null\"",
        "\"\\ud800\"",
        "\"a\\udc00b\"",
        "\"\\u0000\"",
        "\"../other\"",
        "\"/etc/passwd\"",
        "\"\\u001b[2J\"",
        "[]",
        "{}",
        "[[]]",
        "[null]",
        "{\"a\":1}",
        "[1,\"a\",null]",
        "01",
        "+1",
        "'a'",
        "undefined",
        "",
        "\"\\uD83D\\uDE00\"",
        "1,2",
        "// x",
        "\"a\" \"b\"",
        "0.1",
        "0.99",
        "16777217",
        "1e-40",
    ];

    public static byte[] Apply(byte[] content, Dice dice)
    {
        var root = JsonNode.Parse(content);
        for (var left = dice.OneIn(3) ? 2 : 1; left > 0 && root is not null; left--)
            root = Change(root, dice);
        var text = (root?.ToJsonString() ?? "null").Replace($"\"{Again}", "\"", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(PutRaw(text, dice));
    }

    private static JsonNode? Change(JsonNode root, Dice dice)
    {
        var all = Walk(root).ToList();
        var node = dice.OneIn(40) ? root : dice.Of(all);
        if (node.Parent is not { } parent)
            return dice.OneIn(4) ? Marked(dice) : root;
        switch (dice.Below(8))
        {
            case 0:
                Remove(node, parent);
                break;
            case 1 when parent is JsonObject members:
                var name = node.GetPropertyName();
                members[Again + name] = (dice.OneIn(2) ? node : dice.Of(all)).DeepClone();
                break;
            case 2 when parent is JsonObject members:
                var key = node.GetPropertyName();
                members.Remove(key);
                members[dice.Of([key + "x", key.ToUpperInvariant(), "", "a.b", new string('k', 5_000), "\u001b[2J", "\u202E"])] = node;
                break;
            case 3:
                node.ReplaceWith(dice.Of(all).DeepClone());
                break;
            case 4 when node is JsonValue value && value.TryGetValue(out long number):
                node.ReplaceWith(
                    JsonValue.Create(dice.Of([number + 1, number - 1, -number, number * 2, number / 2, number * 1_000_003, number << 32]))
                );
                break;
            case 4 when parent is JsonArray list:
                list.Add(node.DeepClone());
                break;
            default:
                node.ReplaceWith(Marked(dice));
                break;
        }

        return root;
    }

    private static JsonValue Marked(Dice dice) =>
        JsonValue.Create(Raw + dice.Below(Values.Length + 4).ToString("D4", CultureInfo.InvariantCulture));

    private static string PutRaw(string text, Dice dice)
    {
        while (text.IndexOf($"\"{Raw}", StringComparison.Ordinal) is var at && at >= 0)
        {
            var digits = at + 1 + Raw.Length;
            var which = int.Parse(text.AsSpan(digits, 4), CultureInfo.InvariantCulture);
            text = string.Concat(text.AsSpan(0, at), which < Values.Length ? Values[which] : Large(dice), text.AsSpan(digits + 5));
        }

        return text;
    }

    private static string Large(Dice dice) =>
        dice.Below(4) switch
        {
            0 => new string('[', 100) + new string(']', 100),
            1 => new string('[', 200_000),
            2 => $"\"{new string('x', 100_000)}\"",
            _ => new string('9', 400),
        };

    private static void Remove(JsonNode node, JsonNode parent)
    {
        if (parent is JsonObject members)
            members.Remove(node.GetPropertyName());
        else
            parent.AsArray().Remove(node);
    }

    // Nulls have no node of their own and so stay as they are.
    private static IEnumerable<JsonNode> Walk(JsonNode node) =>
        node switch
        {
            JsonObject members => members.SelectMany(member => member.Value is { } value ? Walk(value) : []).Prepend(node),
            JsonArray list => list.SelectMany(item => item is null ? [] : Walk(item)).Prepend(node),
            _ => [node],
        };
}
