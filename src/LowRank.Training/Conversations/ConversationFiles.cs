using System.Globalization;
using LowRank.Training.Data.Examples;
using LowRank.Training.Documents;
using LowRank.Training.Json;
using LowRank.Training.Templates;
using LowRank.Training.Tokenization;
using LowRank.Training.Wording;

namespace LowRank.Training.Conversations;

/// <summary>Conversations in files, as examples of which the answers count.</summary>
public sealed class ConversationFiles : IExampleSource
{
    /// <summary>The kinds of files, for messages.</summary>
    private const string Readable = ".jsonl, .json with an array of records, or .csv, these also as .gz or .zst, or .parquet";

    /// <summary>Part of the identity; counted up when the same files would give other examples.</summary>
    private const int AlgorithmVersion = 1;

    private readonly ConversationTokenizer tokenizer;
    private readonly IReadOnlyList<TextFile> files;
    private readonly Dictionary<string, string> hashes = new(StringComparer.Ordinal);
    private readonly IReadOnlySet<int> ends;
    private readonly string named;
    private ConversationTally? tally;

    /// <summary>Opens conversations for a model.</summary>
    /// <param name="options">Which, and how they become text.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="companions">The files that came with it, among them its chat template.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="InputException">A path does not exist or is no file of records, or the template can't be read.</exception>
    public static ConversationFiles Open(
        ConversationOptions options,
        Tokenizer tokenizer,
        CompanionFiles companions,
        CancellationToken stop = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(companions);
        return new ConversationModel(tokenizer, companions, options).Read(options.Paths, stop);
    }

    /// <summary>Finds the files, and reads each through once, for its hash.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="tokenizer">Makes tokens of conversations.</param>
    /// <param name="ends">The ids that end what the model says.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="InputException">A path does not exist, or is no file of records.</exception>
    internal ConversationFiles(IReadOnlyList<string> paths, ConversationTokenizer tokenizer, IReadOnlySet<int> ends, CancellationToken stop)
    {
        (this.tokenizer, this.ends) = (tokenizer, ends);
        (files, Skipped) = Find(paths, stop);
        foreach (var file in files)
            hashes.Add(file.Path, CompressedFile.Guard(file.Path, () => HashedStream.HashOf(file.Path, stop)));
        named =
            files.Count == 1
                ? files[0].Path
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{files.Count} files from {string.Join(", ", paths.Select(path => $"'{path}'"))}"
                );
        var how =
            $"conversations {AlgorithmVersion} {tokenizer.Template?.Fingerprint ?? "plain"} {(tokenizer.TrustsContent ? "trusted" : "guarded")} {string.Join(',', ends.Order())}";
        Identity = string.Join('\n', files.Select(file => $"{file.Path} {hashes[file.Path]}").Prepend(how));
    }

    /// <summary>What they are; once they were read also what became of them.</summary>
    public string Description => tally is null ? named : $"{named}: {tally}";

    /// <inheritdoc/>
    public string Identity { get; }

    /// <summary>Files in folders that were passed over.</summary>
    public IReadOnlyList<SkippedText> Skipped { get; }

    /// <inheritdoc/>
    public IEnumerable<TokenizedExample> ReadExamples(CancellationToken cancellation = default) =>
        Read(cancellation).SelectMany(record => record.Examples);

    /// <summary>Looks for files and template without reading the conversations.</summary>
    /// <exception cref="InputException">One of them isn't there, or is of another kind.</exception>
    internal static void CheckInputs(ConversationOptions options)
    {
        _ = Find(options.Paths, CancellationToken.None);
        if (options.ChatTemplate is null or ConversationModel.NoTemplate)
            return;
        if (!File.Exists(options.ChatTemplate))
            throw InputException.Naming(
                $"There is no file '{options.ChatTemplate}'; give {new OptionName(nameof(ConversationOptions.ChatTemplate))} an existing one, or {ConversationModel.NoTemplate}."
            );
        _ = ChatTemplate.Load(options.ChatTemplate, CompanionFiles.None, "");
    }

    private static (IReadOnlyList<TextFile> Files, IReadOnlyList<SkippedText> Skipped) Find(
        IReadOnlyList<string> paths,
        CancellationToken stop
    )
    {
        var (found, skipped) = TextFileSearch.Find(paths, stop);
        if (found.FirstOrDefault(file => file.Folder is null && !file.HasColumns) is { } other)
            throw new InputException($"'{other.Path}' is no file of conversations; give {Readable}.");
        TextFile[] files = [.. found.Where(file => file.HasColumns)];
        if (files.Length == 0)
            throw new InputException(
                $"No file of conversations was found in {string.Join(", ", paths.Select(path => $"'{path}'"))}; give {Readable}."
            );
        return (files, [.. skipped, .. found.Where(file => !file.HasColumns).Select(file => new SkippedText(file.Path, "no records"))]);
    }

    /// <summary>The records that can be learned from, with what became of them.</summary>
    /// <exception cref="InputException">
    /// A file can't be read, begins with what is no conversation, or needs a template that isn't there.
    /// </exception>
    internal IEnumerable<ConversationRecord> Read(CancellationToken stop)
    {
        var counted = new ConversationTally();
        foreach (var file in files)
        {
            var hash = "";
            var reading = new RecordReading(file.Path, cancellation: stop) { Members = RecordForms.Members };
            foreach (var record in file.ReadRecords(reading, value => hash = value))
            {
                stop.ThrowIfCancellationRequested();
                if (Take(record, file, reading, counted, stop) is { } taken)
                    yield return taken;
            }

            if (reading.Broken is { } broken)
                counted.PassOver("broken", broken.First, broken.Count);
            if (hash != hashes[file.Path])
                throw new InputException($"The file '{file.Path}' changed while it was read; start again when it is written.");
        }

        tally = counted;
    }

    private ConversationRecord? Take(
        TextRecord record,
        TextFile file,
        RecordReading reading,
        ConversationTally counted,
        CancellationToken stop
    )
    {
        var kind = TextKind.FormatOf(file.Path) switch
        {
            TextFormat.Json => "record",
            TextFormat.Parquet => "row",
            TextFormat.Table => "the record at line",
            _ => "line",
        };
        var place = string.Create(CultureInfo.InvariantCulture, $"{kind} {record.Number} of '{file.Path}'");
        try
        {
            var conversation = RecordForms.Read(Json.JsonFile.Parse(record.Text, place));
            reading.Accept();
            var examples = tokenizer.Encode(conversation, stop);
            counted.Use(examples.Count, examples.Any(IsEndless));
            return new ConversationRecord(place, examples);
        }
        catch (WrongJsonException exception)
        {
            reading.PassOver(
                exception.Message.TrimEnd('.'),
                "no conversations",
                $"Each line, element of the array that a .json is, or row of a table must have {RecordForms.Expected}."
            );
        }
        catch (UnusableRecordException exception)
        {
            reading.Accept();
            counted.PassOver(exception.Reason, $"{place} {exception.Message}");
        }
        catch (TemplateException exception)
        {
            counted.PassOver("that the template refuses", $"{place}, {exception.Message.TrimEnd('.')}");
        }

        return null;
    }

    // Whether an answer goes to the end of what counts without a token that ends it.
    private bool IsEndless(TokenizedExample example)
    {
        for (var token = 0; token < example.Ids.Count; token++)
        {
            var isLast = example.Counts[token] && (token + 1 == example.Ids.Count || !example.Counts[token + 1]);
            if (isLast && !ends.Contains(example.Ids[token]))
                return true;
        }

        return false;
    }
}
