using System.Globalization;
using System.IO.Hashing;
using System.Text;
using LowRank.Training.Json;
using LowRank.Training.Templates;
using LowRank.Training.Templates.Values;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Conversations;

/// <summary>A model's chat template: how turns of a conversation become the text that it was trained with.</summary>
internal sealed class ChatTemplate
{
    private readonly Template template;
    private readonly Template? withTools;
    private readonly SortedDictionary<string, object?> specialNames;

    private ChatTemplate(string source, Template template, Template? withTools, SortedDictionary<string, object?> specialNames)
    {
        (Source, this.template, this.withTools, this.specialNames) = (source, template, withTools, specialNames);
        var names = string.Join('\n', specialNames.Select(pair => $"{pair.Key} {PythonText.Written(pair.Value)}"));
        Fingerprint = XxHash128.HashToUInt128(Encoding.UTF8.GetBytes($"{source}\n{names}")).ToString("x32", CultureInfo.InvariantCulture);
    }

    /// <summary>Its text; of several all.</summary>
    public string Source { get; }

    /// <summary>A hash of all that decides what it writes, 32 hexadecimal digits.</summary>
    public string Fingerprint { get; }

    /// <summary>The template that came with a model; null where none did.</summary>
    /// <param name="companions">The files that came with it.</param>
    /// <param name="endOfText">How its tokenizer writes the end of a text.</param>
    /// <exception cref="InputException">A file is wrong, or the template has something that is not supported.</exception>
    public static ChatTemplate? Find(CompanionFiles companions, string endOfText)
    {
        var names = SpecialNames.Read(companions, endOfText);
        if (companions.Find(CompanionFiles.ChatTemplate) is { } file)
            return Of(CompanionFiles.ChatTemplate, Text(file, CompanionFiles.ChatTemplate), names);
        foreach (var name in new[] { CompanionFiles.ChatTemplateJson, CompanionFiles.TokenizerConfig })
        {
            if (companions.Find(name) is { } json && JsonFile.Parse(json, name).Optional("chat_template") is { } place)
                return Read(place, names);
        }

        return null;
    }

    /// <summary>A template in a file of the user's.</summary>
    /// <param name="path">The file.</param>
    /// <param name="companions">The files that came with the model.</param>
    /// <param name="endOfText">How its tokenizer writes the end of a text.</param>
    /// <exception cref="InputException">The file can't be read, or the template has something that is not supported.</exception>
    public static ChatTemplate Load(string path, CompanionFiles companions, string endOfText) =>
        Of(path, Text(CompanionFiles.ReadFile(path), path), SpecialNames.Read(companions, endOfText));

    /// <summary>Writes the turns as text.</summary>
    /// <param name="turns">The turns.</param>
    /// <param name="tools">The functions that the model may call; null for none.</param>
    /// <param name="asksForAnswer">
    /// Whether the beginning of an answer follows, for the model to go on (<c>add_generation_prompt</c>).
    /// </param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="TemplateException">The template refuses the conversation.</exception>
    public RenderedText Render(IEnumerable<Turn> turns, object? tools, bool asksForAnswer, CancellationToken stop = default)
    {
        var names = new Dictionary<string, object?>(specialNames, StringComparer.Ordinal)
        {
            ["messages"] = new TemplateList([.. turns.Select(turn => turn.Message)]),
            ["tools"] = tools,
            ["documents"] = null,
            ["add_generation_prompt"] = asksForAnswer,
        };
        return (tools is not null && withTools is not null ? withTools : template).Render(names, stop);
    }

    // One template, or several with names: the default one, and another for conversations with tools.
    private static ChatTemplate Read(JsonPlace place, SortedDictionary<string, object?> names)
    {
        var label = $"{place.File}: {place.Path}";
        if (place.IsText)
            return Of(label, place.Text(), names);
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        if (place.IsArray)
        {
            foreach (var entry in place.Elements())
                named[entry.At("name").Text()] = entry.At("template").Text();
        }
        else
        {
            foreach (
                var (key, template) in place.IsObject ? place.Members() : throw place.MustBe("a template, or templates with their names")
            )
                named[key] = template.Text();
        }

        if (!named.TryGetValue("default", out var usual))
            throw place.Wrong($"has no template named default; there is {ShownText.List(named.Keys)}");
        var tools = named.GetValueOrDefault("tool_use");
        return new ChatTemplate(
            usual + tools,
            Template.Parse(label, usual),
            tools is null ? null : Template.Parse($"{label} 'tool_use'", tools),
            names
        );
    }

    private static ChatTemplate Of(string label, string source, SortedDictionary<string, object?> names) =>
        new(source, Template.Parse(label, source), null, names);

    private static string Text(byte[] content, string path)
    {
        ReadOnlySpan<byte> bytes = content;
        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        return System.Text.Unicode.Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetString(bytes)
            : throw new InputException($"The chat template '{path}' is not UTF-8; save it as such.");
    }
}
