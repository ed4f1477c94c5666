using System.Text.Json.Nodes;

namespace LowRank.Training.Tests.Tokenization.Published;

/// <summary>Small <c>tokenizer.json</c> files of every kind, made for what no published one shows.</summary>
internal static class MadeTokenizers
{
    private static readonly string[] Words =
    [
        "the",
        "he",
        "th",
        "in",
        "er",
        "an",
        "on",
        "▁the",
        "▁a",
        "▁t",
        "▁w",
        "world",
        "or",
        "ld",
        "ing",
        "▁▁",
        "▁▁▁▁",
        "hello",
        "ll",
        "lo",
        "你好",
        "世界",
        "Ä",
        "é",
        "12",
        "123",
        "..",
        "...",
        "!!",
        "no",
        "ne",
    ];

    private static readonly string[] Characters =
    [
        .. "▁abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,!?'\"-_()[]{}<>/\\|#@$%&*+=:;éäÄßñ你好世界日本語한글αβγ"
            .EnumerateRunes()
            .Select(rune => rune.ToString()),
    ];

    /// <summary>All kinds by name.</summary>
    public static IReadOnlyDictionary<string, Func<JsonObject>> All { get; } = Build();

    private static Dictionary<string, Func<JsonObject>> Build()
    {
        var all = new Dictionary<string, Func<JsonObject>>(StringComparer.Ordinal);
        foreach (var (name, model) in Models())
        {
            all[$"{name}, plain"] = () => File(model(), null, null, null);
            all[$"{name}, Metaspace"] = () => File(model(), null, Metaspace("always", true), Metaspace("always", true));
            all[$"{name}, Metaspace first, whole"] = () => File(model(), null, Metaspace("first", false), SentencePieceDecoder());
            all[$"{name}, Metaspace never"] = () => File(model(), null, Metaspace("never", true), Metaspace("never", true));
            all[$"{name}, LLaMA 2"] = () => File(model(), LlamaNormalizer(), null, SentencePieceDecoder());
            all[$"{name}, BERT"] = () => File(model(), Bert(null, true), Typed("BertPreTokenizer"), WordPieceDecoder(true));
            all[$"{name}, cased BERT"] = () => File(model(), Bert(true, false), Typed("BertPreTokenizer"), WordPieceDecoder(false));
            foreach (var form in (string[])["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt"])
                all[$"{name}, {form}"] = () => File(model(), Typed(form), Typed("Whitespace"), null);
            all[$"{name}, Strip"] = () => File(model(), Strip(), Typed("WhitespaceSplit"), Suffix());
            all[$"{name}, Sequence"] = () =>
                File(
                    model(),
                    Sequence("normalizers", Typed("NFD"), Typed("StripAccents"), Typed("Lowercase"), Replace("String", "e", "ee")),
                    null,
                    Ctc()
                );
            all[$"{name}, Replace"] = () =>
                File(
                    model(),
                    Replace("Regex", " {2,}|\\d", "_"),
                    Typed("Whitespace"),
                    Sequence("decoders", Replace("Regex", "_+", " "), Typed("Fuse"), StripDecoder(1, 0))
                );
        }

        foreach (var behavior in (string[])["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"])
        {
            foreach (var invert in (bool[])[false, true])
            {
                all[$"Split {behavior} {invert}"] = () => File(WordLevel(), null, Split("Regex", "[aeiou]|\\s+", behavior, invert), null);
                all[$"Split text {behavior} {invert}"] = () => File(BytePairs(false), null, Split("String", "l", behavior, invert), null);
            }

            all[$"Punctuation {behavior}"] = () => File(BytePairs(true), null, Behaved("Punctuation", behavior), null);
        }

        all["Split before vowels"] = () => File(BytePairs(true), null, Split("Regex", "(?=[aeiou])", "Isolated", false), null);
        all["Split after digits"] = () => File(BytePairs(true), null, Split("Regex", "(?<=\\d)x?", "Isolated", false), null);
        all["Digits"] = () => File(BytePairs(true), null, new JsonObject { ["type"] = "Digits", ["individual_digits"] = false }, null);
        all["Digits alone"] = () => File(BytePairs(true), null, new JsonObject { ["type"] = "Digits", ["individual_digits"] = true }, null);
        all["CharDelimiterSplit"] = () =>
            File(WordLevel(), null, new JsonObject { ["type"] = "CharDelimiterSplit", ["delimiter"] = "o" }, null);
        all["Prefix and suffix"] = () => File(Affixed(), null, Typed("WhitespaceSplit"), Suffix());
        all["Without unk"] = () => File(BytePairs(true, unknown: null), null, null, Typed("Fuse"));
        all["Unknown alone"] = () => File(BytePairs(false, fuse: false), null, Typed("Whitespace"), Typed("Fuse"));
        all["Unknown fused"] = () => File(BytePairs(false), null, Typed("Whitespace"), Typed("Fuse"));
        all["Whole entries"] = () => File(BytePairs(true, ignoreMerges: true), null, Metaspace("always", true), SentencePieceDecoder());
        return all;
    }

    private static IEnumerable<(string Name, Func<JsonObject> Model)> Models()
    {
        yield return ("BPE", () => BytePairs(fallback: true));
        yield return ("Unigram", () => Unigram(fallback: false));
        yield return ("Unigram with bytes", () => Unigram(fallback: true));
        yield return ("WordPiece", WordPiece);
        yield return ("WordLevel", WordLevel);
    }

    private static JsonObject File(JsonObject model, JsonObject? normalizer, JsonObject? preTokenizer, JsonObject? decoder)
    {
        var added = new JsonArray();
        var (id, special) = (0, new[] { "<unk>", "<s>", "</s>" });
        foreach (var content in special)
            added.Add(Added(id++, content, special: true));
        var next = Size(model);
        added.Add(Added(next, "<tool>", special: false, "lstrip"));
        added.Add(Added(next + 1, "Café", special: false, "normalized"));
        added.Add(Added(next + 2, "end", special: false, "single_word", "rstrip"));
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = added,
            ["normalizer"] = normalizer,
            ["pre_tokenizer"] = preTokenizer,
            ["post_processor"] = null,
            ["decoder"] = decoder,
            ["model"] = model,
        };
    }

    private static int Size(JsonObject model) => model["vocab"] is JsonArray pieces ? pieces.Count : model["vocab"]!.AsObject().Count;

    private static JsonObject Added(int id, string content, bool special, params string[] flags)
    {
        var token = new JsonObject { ["id"] = id, ["content"] = content };
        foreach (var flag in (string[])["single_word", "lstrip", "rstrip", "normalized"])
            token[flag] = flags.Contains(flag);
        token["special"] = special;
        return token;
    }

    private static List<string> Vocabulary(bool fallback)
    {
        List<string> tokens = ["<unk>", "<s>", "</s>"];
        if (fallback)
            tokens.AddRange(Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"));
        tokens.AddRange(Characters);
        tokens.AddRange(Words);
        return [.. tokens.Distinct()];
    }

    private static JsonObject Ids(IEnumerable<string> tokens)
    {
        var ids = new JsonObject();
        var next = 0;
        foreach (var token in tokens)
            ids[token] = next++;
        return ids;
    }

    private static JsonObject BytePairs(bool fallback, string? unknown = "<unk>", bool fuse = true, bool ignoreMerges = false)
    {
        var tokens = Vocabulary(fallback);
        var merges = new JsonArray();
        foreach (var token in tokens.Where(token => !token.StartsWith('<')))
        {
            for (var cut = 1; cut < token.Length; cut++)
            {
                if (tokens.Contains(token[..cut]) && tokens.Contains(token[cut..]))
                    merges.Add(new JsonArray(token[..cut], token[cut..]));
            }
        }

        return new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = unknown,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = fuse,
            ["byte_fallback"] = fallback,
            ["ignore_merges"] = ignoreMerges,
            ["vocab"] = Ids(tokens),
            ["merges"] = merges,
        };
    }

    private static JsonObject Affixed()
    {
        string[] letters = [.. "abcdefghijklmnopqrstuvwxyz".Select(letter => letter.ToString())];
        string[] tokens =
        [
            "<unk>",
            "<s>",
            "</s>",
            .. letters,
            .. letters.Select(letter => "##" + letter),
            .. letters.Select(letter => letter + "</w>"),
            .. letters.Select(letter => "##" + letter + "</w>"),
            "th",
            "the</w>",
            "##he</w>",
        ];
        return new JsonObject
        {
            ["type"] = "BPE",
            ["unk_token"] = "<unk>",
            ["continuing_subword_prefix"] = "##",
            ["end_of_word_suffix"] = "</w>",
            ["fuse_unk"] = false,
            ["vocab"] = Ids(tokens),
            ["merges"] = new JsonArray("t ##h", "th ##e</w>", "##h ##e</w>"),
        };
    }

    private static JsonObject Unigram(bool fallback)
    {
        var pieces = new JsonArray();
        var random = new Random(3);
        foreach (var token in Vocabulary(fallback))
            pieces.Add(new JsonArray(token, token.StartsWith('<') ? 0.0 : Math.Round(-2 - (random.NextDouble() * 9) + token.Length, 4)));
        return new JsonObject
        {
            ["type"] = "Unigram",
            ["unk_id"] = 0,
            ["vocab"] = pieces,
            ["byte_fallback"] = fallback,
        };
    }

    private static JsonObject WordPiece() =>
        new()
        {
            ["type"] = "WordPiece",
            ["unk_token"] = "<unk>",
            ["continuing_subword_prefix"] = "##",
            ["max_input_chars_per_word"] = 20,
            ["vocab"] = Ids([.. Vocabulary(false), .. Characters.Select(letter => "##" + letter), "##ing", "##er", "##ld"]),
        };

    private static JsonObject WordLevel() =>
        new()
        {
            ["type"] = "WordLevel",
            ["unk_token"] = "<unk>",
            ["vocab"] = Ids(Vocabulary(false)),
        };

    private static JsonObject Typed(string type) => new() { ["type"] = type };

    private static JsonObject Behaved(string type, string behavior) => new() { ["type"] = type, ["behavior"] = behavior };

    private static JsonObject Sequence(string name, params JsonObject[] parts) =>
        new() { ["type"] = "Sequence", [name] = new JsonArray([.. parts]) };

    private static JsonObject Metaspace(string scheme, bool split) =>
        new()
        {
            ["type"] = "Metaspace",
            ["replacement"] = "▁",
            ["prepend_scheme"] = scheme,
            ["split"] = split,
        };

    private static JsonObject LlamaNormalizer() =>
        Sequence("normalizers", new JsonObject { ["type"] = "Prepend", ["prepend"] = "▁" }, Replace("String", " ", "▁"));

    private static JsonObject Replace(string kind, string pattern, string content) =>
        new()
        {
            ["type"] = "Replace",
            ["pattern"] = new JsonObject { [kind] = pattern },
            ["content"] = content,
        };

    private static JsonObject Split(string kind, string pattern, string behavior, bool invert) =>
        new()
        {
            ["type"] = "Split",
            ["pattern"] = new JsonObject { [kind] = pattern },
            ["behavior"] = behavior,
            ["invert"] = invert,
        };

    private static JsonObject Strip() =>
        new()
        {
            ["type"] = "Strip",
            ["strip_left"] = true,
            ["strip_right"] = true,
        };

    private static JsonObject Bert(bool? accents, bool lowercase) =>
        new()
        {
            ["type"] = "BertNormalizer",
            ["clean_text"] = true,
            ["handle_chinese_chars"] = true,
            ["strip_accents"] = accents,
            ["lowercase"] = lowercase,
        };

    private static JsonObject WordPieceDecoder(bool cleanup) =>
        new()
        {
            ["type"] = "WordPiece",
            ["prefix"] = "##",
            ["cleanup"] = cleanup,
        };

    private static JsonObject StripDecoder(int start, int stop) =>
        new()
        {
            ["type"] = "Strip",
            ["content"] = " ",
            ["start"] = start,
            ["stop"] = stop,
        };

    private static JsonObject SentencePieceDecoder() =>
        Sequence("decoders", Replace("String", "▁", " "), Typed("ByteFallback"), Typed("Fuse"), StripDecoder(1, 0));

    private static JsonObject Suffix() => new() { ["type"] = "BPEDecoder", ["suffix"] = "</w>" };

    private static JsonObject Ctc() =>
        new()
        {
            ["type"] = "CTC",
            ["pad_token"] = "<pad>",
            ["word_delimiter_token"] = "|",
            ["cleanup"] = true,
        };
}
