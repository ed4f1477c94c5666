using System.Text.Json;
using LowRank.Training.Files;

namespace LowRank.Training.Data.Shards;

/// <summary>One file of tokens in a folder.</summary>
/// <param name="File">Its name within the folder.</param>
/// <param name="Tokens">Number of tokens.</param>
/// <param name="Hash">XxHash128 of the file's bytes, in hexadecimal; null where it isn't known.</param>
internal sealed record ListedShard(string File, long Tokens, string? Hash = null);

/// <summary>
/// <c>tokens.json</c>: which files of a folder are trained on, which are held out, and what tokenizer they belong to. It is written last.
/// </summary>
internal sealed record TokenFolderManifest
{
    public const string FileName = "tokens.json";

    /// <summary>The format of the files.</summary>
    public required TokenFileFormat Format { get; init; }

    /// <summary>What the text is, in a few words.</summary>
    public required string Description { get; init; }

    /// <summary>Number of ids.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>The id between documents.</summary>
    public required int EndOfText { get; init; }

    /// <summary>The fingerprint of the tokenizer.</summary>
    public required string Tokenizer { get; init; }

    public required IReadOnlyList<ListedShard> Training { get; init; }

    /// <summary>Empty where nothing is held out.</summary>
    public required IReadOnlyList<ListedShard> Validation { get; init; }

    /// <summary>Null where it isn't known, as all of these.</summary>
    public long? TrainingDocuments { get; init; }

    public long? ValidationDocuments { get; init; }

    public long? TrainingBytes { get; init; }

    public long? ValidationBytes { get; init; }

    /// <summary>Writes it into a folder, whole or not at all.</summary>
    public void Save(string folder) =>
        AtomicFile.Write(
            Path.Combine(folder, FileName),
            JsonSerializer.SerializeToUtf8Bytes(this, TokenFolderJson.Default.TokenFolderManifest)
        );

    /// <summary>Reads that of a folder.</summary>
    /// <exception cref="InputException">It says nothing usable.</exception>
    public static TokenFolderManifest Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            var manifest =
                JsonSerializer.Deserialize(File.ReadAllBytes(path), TokenFolderJson.Default.TokenFolderManifest)
                ?? throw new JsonException("It is null.");
            if (!Enum.IsDefined(manifest.Format))
                throw new JsonException($"There is no format {manifest.Format}.");
            foreach (var shard in manifest.Training.Concat(manifest.Validation))
            {
                // A list of others' may hold null, whatever its type says.
                if (shard is not { File.Length: > 0, Tokens: >= 0 } || Path.GetFileName(shard.File) != shard.File)
                    throw new JsonException($"'{shard?.File}' with {shard?.Tokens} tokens is no file of the folder.");
            }

            return manifest;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"'{path}' doesn't describe a folder of tokens: {exception.Message} Write the folder again, or remove that file to have the tokens recognized by their content."
            );
        }
    }
}
