using LowRank.Training.Files;

namespace LowRank.Training.Data.Shards;

/// <summary>
/// Looks for tokens at a path of the user's: a file of tokens; a folder that describes itself in <c>tokens.json</c>; or one in which token
/// files of one format lie.
/// </summary>
internal static class TokenSearch
{
    // As they stand in the names of llm.c's, nanoGPT's and our files, among others.
    private static readonly string[] HeldOutNames = ["val", "valid", "validation"];

    /// <summary>The tokens; null where there is something else, such as text.</summary>
    /// <exception cref="InputException">There are tokens that can't be used: it says why.</exception>
    public static FoundTokens? Find(string path)
    {
        // Whoever reads it as text says what is wrong with it.
        if (string.IsNullOrWhiteSpace(path))
            return null;
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            return File.Exists(Path.Combine(full, TokenFolderManifest.FileName)) ? Described(path, full) : InFolder(path, full);
        if (!File.Exists(full) || SpecialFile.Kind(full) is not null)
            return null;
        if (TokenFormats.Of(full) is { } format)
            return Split(path, format, [full], Path.GetDirectoryName(full)!);
        return Path.GetExtension(full).ToUpperInvariant() is ".BIN" or ".IDX"
            ? throw new InputException(
                $"'{path}' holds no tokens of a format that is known: those of llm.c begin with a number of its own, those of Megatron have an .idx beside "
                    + $"the .bin, those of nanoGPT are called {ShardNames.NanoGptTraining} and {ShardNames.NanoGptValidation}; name such a file, a .ds or .tokens, or text."
            )
            : null;
    }

    private static FoundTokens Described(string path, string folder)
    {
        var manifest = TokenFolderManifest.Load(folder);
        var format = TokenFormats.Of(manifest.Format);
        TokenFile Listed(ListedShard shard)
        {
            var file = Path.Combine(folder, shard.File);
            if (!File.Exists(file))
                throw new InputException(
                    $"'{path}' lists the shard {shard.File}, which isn't there; copy it there, or write the folder again."
                );
            var found = format.Read(file);
            return found.Tokens == shard.Tokens
                ? found
                : throw new InputException(
                    FormattableString.Invariant(
                        $"'{path}' lists {shard.Tokens} tokens in the shard {shard.File}, which has {found.Tokens}; write the folder again."
                    )
                );
        }

        return new FoundTokens(
            path,
            format.Name,
            [.. manifest.Training.Select(Listed)],
            [.. manifest.Validation.Select(Listed)],
            TokenizerIn(folder),
            manifest
        );
    }

    private static FoundTokens? InFolder(string path, string folder)
    {
        string[] files;
        try
        {
            files =
            [
                .. Directory.EnumerateFiles(folder).Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Whoever reads it as text says so.
            return null;
        }

        var formats = files
            .Where(file => SpecialFile.Kind(file) is null)
            .Select(file => (File: file, Format: TokenFormats.Of(file)))
            .Where(found => found.Format is not null)
            .GroupBy(found => found.Format!, found => found.File)
            .ToList();
        return formats switch
        {
            [] => null,
            [var only] => Split(path, only.Key, [.. only], folder),
            _ => throw new InputException(
                $"'{path}' holds tokens of several formats: {string.Join(", ", formats.Select(format => $"{format.Key.Name} ('{Path.GetFileName(format.First())}')"))}; name the files of one."
            ),
        };
    }

    private static FoundTokens Split(string path, TokenFormat format, IReadOnlyList<string> files, string folder)
    {
        var read = files.Select(format.Read).DistinctBy(file => file.Path).ToList();
        var heldOut = read.Where(file => IsHeldOut(file.Path)).ToList();
        // Of what is all called so, a share is held out as of any other.
        return heldOut.Count == read.Count
            ? new FoundTokens(path, format.Name, read, [], TokenizerIn(folder))
            : new FoundTokens(path, format.Name, [.. read.Except(heldOut)], heldOut, TokenizerIn(folder));
    }

    private static bool IsHeldOut(string file) =>
        Path.GetFileNameWithoutExtension(file)
            .Split(['_', '-', '.'])
            .Any(part => HeldOutNames.Contains(part, StringComparer.OrdinalIgnoreCase));

    private static string? TokenizerIn(string folder) =>
        Path.Combine(folder, ShardPlan.TokenizerFile) is var path && File.Exists(path) ? path : null;
}
