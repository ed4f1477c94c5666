using System.Globalization;
using System.Text.Json;
using LowRank.Training.Files;
using LowRank.Training.Json;

namespace LowRank.Training.Tokenization;

/// <summary>
/// The ids of special tokens that a model came with: at which a text ends, and with which it begins. They are kept beside
/// <c>tokenizer.json</c>, which doesn't say them, under the names that Hugging Face's files have for them.
/// </summary>
/// <param name="EndTokens">The ids at which a text ends, in the order of the file.</param>
/// <param name="BeginToken">The id that begins a text; null for none.</param>
internal sealed record SpecialTokenIds(IReadOnlyList<int> EndTokens, int? BeginToken)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "special_token_ids.json";

    private const string EndKey = "eos_token_id";
    private const string BeginKey = "bos_token_id";
    private const string ConfigKey = "config";

    /// <summary>None are known.</summary>
    public static SpecialTokenIds None { get; } = new([], null);

    /// <summary>How a further token that ends texts is written, and one that begins them; null for none.</summary>
    public string? EndName { get; init; }

    public string? BeginName { get; init; }

    /// <summary>Whether a SentencePiece model's own begin token is set before texts, where nothing else says.</summary>
    public bool AddsBeginToken { get; init; }

    /// <summary>
    /// What <c>config.json</c> alone says of the ends, as JSON: a number, a list or null, where other files may say more. Null where it
    /// says nothing.
    /// </summary>
    public string? ConfigEnds { get; init; }

    /// <summary>The same of the beginning.</summary>
    public string? ConfigBegin { get; init; }

    /// <summary>Whether none are known.</summary>
    public bool IsEmpty => EndTokens.Count == 0 && BeginToken is null;

    /// <summary>The same with the ids of what is named, all of which have to be a tokenizer's.</summary>
    /// <param name="names">How every id is written; null for those that stand for nothing.</param>
    /// <param name="path">The tokenizer's file.</param>
    /// <exception cref="InputException">One has no entry.</exception>
    public SpecialTokenIds Resolve(string?[] names, string path)
    {
        foreach (var id in BeginToken is { } one ? [.. EndTokens, one] : EndTokens)
        {
            if (id >= names.Length || names[id] is null)
            {
                throw TokenizerJsonReader.Refusal(
                    path,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the files beside it say that texts begin or end with the id {id} ({BeginKey}, {EndKey}), which no entry has"
                    )
                );
            }
        }

        int? end = EndName is { } ends ? Find(ends, names, path, "eos_token") : null;
        int? begin = BeginName is { } begins ? Find(begins, names, path, "bos_token") : null;
        return new SpecialTokenIds(end is { } further ? [.. EndTokens.Append(further).Distinct()] : EndTokens, BeginToken ?? begin)
        {
            ConfigEnds = ConfigEnds,
            ConfigBegin = ConfigBegin,
        };
    }

    /// <summary>Reads the file beside a tokenizer; nothing where there is none.</summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    public static SpecialTokenIds Read(string tokenizerPath)
    {
        var path = Beside(tokenizerPath);
        if (!File.Exists(path))
            return None;
        try
        {
            var root = JsonFile.Read(path);
            _ = root.Members([EndKey, BeginKey, ConfigKey]);
            var ids = new SpecialTokenIds(
                [.. root.Optional(EndKey)?.Elements().Select(Id) ?? []],
                root.Optional(BeginKey) is { } begin ? Id(begin) : null
            );
            return root.Optional(ConfigKey) is { } config ? ids.WithConfig(config, [EndKey, BeginKey]) : ids;
        }
        catch (WrongJsonException exception)
        {
            throw new InputException($"{exception.Message} Remove the file, or write what it should say.");
        }
    }

    /// <summary>The ids of a place that holds one, several in a list, or none.</summary>
    /// <exception cref="WrongJsonException">It holds something else.</exception>
    public static int[] AllOf(JsonPlace place) =>
        place.IsEmpty ? []
        : place.IsArray ? [.. place.Elements().Select(Id)]
        : [Id(place)];

    /// <summary>The ids of a <c>config.json</c>, or of another file, under the names that all have for them.</summary>
    /// <exception cref="WrongJsonException">It holds something else.</exception>
    public static (int[] Ends, int? Begin) In(JsonPlace root) =>
        (AllOf(root.At(EndKey)), AllOf(root.At(BeginKey)) is [var first, ..] ? first : null);

    /// <summary>The same with what a <c>config.json</c> says, kept as it is written.</summary>
    /// <param name="config">The file, or its part of these ids.</param>
    /// <param name="only">The keys that it may have; empty for any.</param>
    /// <exception cref="WrongJsonException">It says something else than ids.</exception>
    public SpecialTokenIds WithConfig(JsonPlace config, IReadOnlyList<string>? only = null)
    {
        if (only is not null)
            _ = config.Members(only);
        _ = In(config);
        return this with { ConfigEnds = config.At(EndKey).Element?.GetRawText(), ConfigBegin = config.At(BeginKey).Element?.GetRawText() };
    }

    private static int Id(JsonPlace place) => (int)place.Whole(0, int.MaxValue);

    /// <summary>Writes the file beside a tokenizer, or removes an old one where there is nothing to say.</summary>
    public void Write(string tokenizerPath)
    {
        var path = Beside(tokenizerPath);
        if (IsEmpty && ConfigEnds is null && ConfigBegin is null)
        {
            if (File.Exists(path))
                File.Delete(path);
            return;
        }

        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray(EndKey);
            foreach (var id in EndTokens)
                json.WriteNumberValue(id);
            json.WriteEndArray();
            if (BeginToken is { } begin)
                json.WriteNumber(BeginKey, begin);
            if (ConfigEnds is not null || ConfigBegin is not null)
            {
                json.WriteStartObject(ConfigKey);
                WriteOwn(json, EndKey, ConfigEnds);
                WriteOwn(json, BeginKey, ConfigBegin);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        AtomicFile.Write(path, bytes.ToArray());
    }

    /// <summary>Writes what <c>config.json</c> said into another one.</summary>
    /// <returns>Whether it said something of ends and beginning.</returns>
    public (bool Ends, bool Begin) WriteConfig(Utf8JsonWriter json) =>
        (WriteOwn(json, EndKey, ConfigEnds), WriteOwn(json, BeginKey, ConfigBegin));

    private static bool WriteOwn(Utf8JsonWriter json, string key, string? value)
    {
        if (value is null)
            return false;
        json.WritePropertyName(key);
        json.WriteRawValue(value);
        return true;
    }

    private static int Find(string name, string?[] names, string path, string key) =>
        Array.IndexOf(names, name) is >= 0 and var id
            ? id
            : throw TokenizerJsonReader.Refusal(
                path,
                $"tokenizer_config.json beside it names '{ShownText.Of(name)}' as its {key}, which no entry is"
            );

    private static string Beside(string tokenizerPath) => Path.Combine(Path.GetDirectoryName(tokenizerPath) ?? "", FileName);
}
