using System.Globalization;
using LowRank.Training.Files;

namespace LowRank.Training.Tokenization;

/// <summary>
/// The small files that a published model has beside its weights and its <c>tokenizer.json</c>: the tokenizer's settings, the special
/// tokens, the chat template, how text is generated. They are kept with a checkpoint as they came, and exported byte for byte.
/// </summary>
public sealed class CompanionFiles
{
    /// <summary>The tokenizer's settings: special tokens, and the chat template of many models.</summary>
    internal const string TokenizerConfig = "tokenizer_config.json";

    /// <summary>Which tokens are special.</summary>
    internal const string SpecialTokens = "special_tokens_map.json";

    /// <summary>How text is generated, and the ids that end it.</summary>
    internal const string GenerationConfig = "generation_config.json";

    /// <summary>The chat template as a file of its own. It comes before the one in <see cref="TokenizerConfig"/>.</summary>
    internal const string ChatTemplate = "chat_template.jinja";

    /// <summary>The chat template in JSON, as some processors keep it.</summary>
    internal const string ChatTemplateJson = "chat_template.json";

    /// <summary>The names of all files that are kept.</summary>
    internal static readonly IReadOnlyList<string> Names =
    [
        TokenizerConfig,
        SpecialTokens,
        "added_tokens.json",
        GenerationConfig,
        ChatTemplate,
        ChatTemplateJson,
    ];

    // The largest published ones have a few hundred kilobytes.
    private const long MostBytes = 16 << 20;

    private readonly SortedDictionary<string, byte[]> contents;

    private CompanionFiles(SortedDictionary<string, byte[]> contents) => this.contents = contents;

    /// <summary>No file at all.</summary>
    public static CompanionFiles None { get; } = new(new(StringComparer.Ordinal));

    /// <summary>The names of those that are there, in ordinal order.</summary>
    public IReadOnlyCollection<string> Files => contents.Keys;

    /// <summary>Their size in bytes.</summary>
    internal long Bytes => contents.Values.Sum(content => (long)content.Length);

    /// <summary>Reads the files of a folder, such as a Hugging Face checkpoint.</summary>
    /// <param name="folder">The folder; what isn't there is left out.</param>
    /// <exception cref="InputException">One can't be read, or has more than 16 MiB.</exception>
    public static CompanionFiles Read(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Read(folder, Names.Where(name => Path.Exists(Path.Combine(folder, name))));
    }

    /// <summary>Reads some of them, which have to be there.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="names">Names of files in it; those that are no companions are passed over.</param>
    /// <exception cref="InputException">One can't be read, or has more than 16 MiB.</exception>
    internal static CompanionFiles Read(string folder, IEnumerable<string> names)
    {
        var contents = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in names.Where(name => Names.Contains(name, StringComparer.Ordinal)))
            contents[name] = ReadFile(Path.Combine(folder, name));
        return new CompanionFiles(contents);
    }

    /// <summary>What a file holds; null where it isn't there.</summary>
    internal byte[]? Find(string name) => contents.GetValueOrDefault(name);

    /// <summary>The same with another file, or with another content of it.</summary>
    internal CompanionFiles With(string name, byte[] content) => new(new(contents, StringComparer.Ordinal) { [name] = content });

    /// <summary>Writes them into a folder.</summary>
    internal void Write(string folder)
    {
        foreach (var (name, content) in contents)
            AtomicFile.Write(Path.Combine(folder, name), content);
    }

    /// <summary>Reads a small file whole.</summary>
    /// <exception cref="InputException">It can't be read, or has more than 16 MiB.</exception>
    internal static byte[] ReadFile(string path)
    {
        try
        {
            SpecialFile.Refuse(path);
            using var stream = File.OpenRead(path);
            if (stream.Length > MostBytes)
                throw new InputException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"'{path}' has {stream.Length} bytes, and such a file has {MostBytes} at most; take it away, or shorten it."
                    )
                );
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InputException($"'{path}' cannot be read: {exception.Message.TrimEnd('.')}. Make it readable, or take it away.");
        }
    }
}
