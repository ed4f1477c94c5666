using System.Globalization;
using System.Text;
using System.Text.Json;
using LowRank.Training.Json;
using LowRank.Training.Tokenization.Models;
using LowRank.Training.Tokenization.Splitting;

namespace LowRank.Training.Tokenization;

/// <summary>Reads the model of a <c>tokenizer.json</c>: its vocabulary, and how words become ids.</summary>
internal sealed class TokenizerJsonModel
{
    private readonly JsonPlace model;
    private readonly string path;
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);

    /// <exception cref="InputException">The vocabulary can't be used.</exception>
    public TokenizerJsonModel(JsonPlace root, string path)
    {
        (model, this.path) = (root.At("model"), path);
        if (!model.IsObject)
            throw model.MustBe("an object");
        Type = model.Optional("type")?.Text() ?? Guess();
        if (model.Optional("dropout")?.Real() is > 0)
            throw TokenizerJsonReader.Refusal(path, "it drops merges at random (dropout)");
        switch (Type)
        {
            case "BPE" or "WordPiece" or "WordLevel":
                ReadIds(model.At("vocab"));
                break;
            case "Unigram":
                Pieces = ReadPieces();
                for (var id = 0; id < Pieces.Count; id++)
                    ids[Pieces[id].Piece] = id;
                break;
            default:
                throw TokenizerJsonReader.Refusal(path, $"its model is {ShownText.Of(Type)}, which is not known");
        }
    }

    /// <summary>BPE, Unigram, WordPiece or WordLevel.</summary>
    public string Type { get; }

    /// <summary>The ids of its entries.</summary>
    public IReadOnlyDictionary<string, int> Ids => ids;

    private List<(string Piece, double Score)> Pieces { get; } = [];

    /// <summary>The vocabulary of a byte-level model, whose words are bytes; null where an entry for a byte is missing.</summary>
    /// <param name="special">Ids that have no text.</param>
    public BytePairVocabulary? ReadByteLevel(IReadOnlySet<int> special)
    {
        if (Type != "BPE" || Affix("continuing_subword_prefix").Length > 0 || Affix("end_of_word_suffix").Length > 0)
            return null;
        var idOfByte = new int[256];
        for (var value = 0; value < 256; value++)
        {
            if (!ids.TryGetValue(ByteAlphabet.Write([(byte)value]), out idOfByte[value]))
                return null;
        }

        var texts = new byte[ids.Values.Max() + 1][];
        Array.Fill(texts, []);
        foreach (var (token, id) in ids)
        {
            if (!special.Contains(id) && ByteAlphabet.TryRead(token, out var text))
                texts[id] = text;
        }

        return new BytePairVocabulary
        {
            IdOfByte = idOfByte,
            Merges = ReadMerges(prefix: ""),
            Texts = texts,
            IgnoreMerges = Flag("ignore_merges"),
        };
    }

    /// <summary>The model over text.</summary>
    /// <param name="cut">Where words can be cut further without a change; null for nowhere.</param>
    public WordModel Read(out SplitStep? cut)
    {
        cut = null;
        switch (Type)
        {
            case "Unigram":
                return ReadUnigram();
            case "WordPiece":
                var prefix = model.Optional("continuing_subword_prefix")?.Text() ?? "##";
                var longest = (int)(model.Optional("max_input_chars_per_word")?.Whole(0, int.MaxValue) ?? 100);
                return new WordPiece(Entries(), Unknown("[UNK]")!.Value, Encoding.UTF8.GetBytes(prefix), longest);
            case "WordLevel":
                return new WordLevel(Entries(), Unknown("<unk>", isNeeded: false));
            default:
                return ReadPairs(out cut);
        }
    }

    // A place for each of hundreds of thousands of entries would take longer than all else: they are made for those that are wrong.
    private void ReadIds(JsonPlace vocabulary)
    {
        if (!vocabulary.IsObject)
            throw vocabulary.MustBe("an object");
        foreach (var entry in vocabulary.Element!.Value.EnumerateObject())
        {
            ids[entry.Name] =
                entry.Value.ValueKind == JsonValueKind.Number
                && entry.Value.TryGetInt32(out var id)
                && id is >= 0 and < TokenizerJsonReader.LargestId
                    ? id
                    : TokenizerJsonReader.ReadId(vocabulary.At(entry.Name), entry.Name, path);
        }
    }

    private string Guess() =>
        model.At("vocab").IsArray ? "Unigram"
        : model.Optional("merges") is not null ? "BPE"
        : model.Optional("continuing_subword_prefix") is not null ? "WordPiece"
        : "WordLevel";

    private CharacterPairs ReadPairs(out SplitStep? cut)
    {
        var prefix = Affix("continuing_subword_prefix");
        var merges = ReadMerges(prefix);
        int? unknown = model.Optional("unk_token") is { } token ? Find(token) : null;
        var options = new CharacterPairOptions
        {
            Entries = Entries(),
            Merges = new PairMerges(merges),
            Unknown = unknown,
            FuseUnknown = Flag("fuse_unk"),
            ByteFallback = Flag("byte_fallback"),
            IgnoreMerges = Flag("ignore_merges"),
            ContinuingPrefix = Encoding.UTF8.GetBytes(prefix),
            EndSuffix = Encoding.UTF8.GetBytes(Affix("end_of_word_suffix")),
        };
        var isPlain = !options.IgnoreMerges && options.ContinuingPrefix.Length + options.EndSuffix.Length == 0;
        // A character that is left out would bring its neighbors together.
        cut = isPlain && unknown is not null && ids.ContainsKey(CutBeforeSign.Sign) ? CutBeforeSign.Find(merges, ids, unknown) : null;
        return new CharacterPairs(options);
    }

    private Unigram ReadUnigram()
    {
        var unknown = (int?)model.Optional("unk_id")?.Whole(0, Pieces.Count - 1);
        return new Unigram([.. Pieces.Select(piece => (Encoding.UTF8.GetBytes(piece.Piece), piece.Score))], unknown, Flag("byte_fallback"));
    }

    private List<(string Piece, double Score)> ReadPieces()
    {
        var read = new List<(string, double)>();
        foreach (var entry in model.At("vocab").Elements())
        {
            var pair = entry.Elements();
            if (pair.Count != 2)
                throw entry.MustBe("a piece and its score");
            read.Add((pair[0].Text(), pair[1].Real()));
        }

        return read.Count > 0 ? read : throw model.At("vocab").MustBe("a list of pieces with their scores");
    }

    private List<(int Left, int Right, int Product)> ReadMerges(string prefix)
    {
        var read = new List<(int Left, int Right, int Product)>();
        var merges = model.At("merges");
        if (!merges.IsArray)
            throw merges.MustBe("an array");
        foreach (var merge in merges.Element!.Value.EnumerateArray())
        {
            var text = merge.ValueKind == JsonValueKind.String ? merge.GetString()! : null;
            // The first line of a merges.txt.
            if (text?.StartsWith("#version", StringComparison.Ordinal) == true)
                continue;
            var parts = text?.Split(' ') ?? Pair(merge);
            if (
                parts.Length != 2
                || !ids.TryGetValue(parts[0], out var left)
                || !ids.TryGetValue(parts[1], out var right)
                || parts[1].Length < prefix.Length
                || !ids.TryGetValue(parts[0] + parts[1][prefix.Length..], out var product)
            )
            {
                throw TokenizerJsonReader.Refusal(
                    path,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"merge {read.Count + 1} ('{ShownText.Of(string.Join(' ', parts))}') is not a pair of entries that make a third"
                    )
                );
            }

            read.Add((left, right, product));
        }

        return read;
    }

    private static string[] Pair(JsonElement merge) =>
        merge.ValueKind == JsonValueKind.Array && merge.EnumerateArray().All(part => part.ValueKind == JsonValueKind.String)
            ? [.. merge.EnumerateArray().Select(part => part.GetString()!)]
            : [merge.GetRawText()];

    private EntryTable Entries()
    {
        var entries = new EntryTable();
        foreach (var (token, id) in ids)
            entries.Add(Encoding.UTF8.GetBytes(token), id);
        return entries;
    }

    private int? Unknown(string absent, bool isNeeded = true)
    {
        var token = model.Optional("unk_token");
        if (token is not null || isNeeded)
            return ids.TryGetValue(token?.Text() ?? absent, out var id) ? id
                : isNeeded
                    ? throw TokenizerJsonReader.Refusal(path, $"its unk_token '{ShownText.Of(token?.Text() ?? absent)}' has no entry")
                : null;
        return ids.TryGetValue(absent, out var found) ? found : null;
    }

    private int Find(JsonPlace token) =>
        ids.TryGetValue(token.Text(), out var id)
            ? id
            : throw TokenizerJsonReader.Refusal(path, $"its unk_token '{ShownText.Of(token.Text())}' has no entry");

    private string Affix(string name) => model.Optional(name)?.Text() ?? "";

    private bool Flag(string name) => model.Optional(name)?.Flag() ?? false;
}
