using System.Globalization;

namespace LowRank.Training.Data.Shards;

/// <summary>
/// The formats of token files: which of the files of a folder are of a format, by their names and first bytes, and where the tokens lie in
/// them. Of no file more than its header is read.
/// </summary>
internal static class TokenFormats
{
    private static readonly TokenFormat[] All =
    [
        new("LowRank", IsOurs, ReadOurs),
        new("llm.c", IsLlmc, ReadLlmc),
        new("Megatron", MegatronIndex.Is, MegatronIndex.Read),
        new("datatrove", DatatroveFile.Is, DatatroveFile.Read),
        new("nanoGPT", IsNanoGpt, ReadNanoGpt),
    ];

    /// <summary>The format of a file; null for none.</summary>
    /// <exception cref="InputException">The file can't be read.</exception>
    public static TokenFormat? Of(string path)
    {
        // All that their names could be: a folder may hold a million other files.
        if (Path.GetExtension(path).ToUpperInvariant() is not (".BIN" or ".IDX" or ".DS" or ".TOKENS"))
            return null;
        return Array.Find(All, format => format.Is(path));
    }

    /// <summary>The format that a description of ours names.</summary>
    public static TokenFormat Of(TokenFileFormat format) =>
        All[
            format switch
            {
                TokenFileFormat.LowRank => 0,
                TokenFileFormat.LlmC => 1,
                _ => 4,
            }
        ];

    /// <summary>The first bytes of a file, fewer where it is shorter.</summary>
    /// <exception cref="InputException">It can't be read.</exception>
    public static byte[] Head(string path, int count)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            var head = new byte[count];
            return head[..stream.ReadAtLeast(head, count, throwOnEndOfStream: false)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The token file '{path}' cannot be read: {exception.Message} Make it readable.");
        }
    }

    /// <summary>Refuses a file whose length isn't what its description says.</summary>
    /// <exception cref="InputException">It isn't.</exception>
    public static TokenFile Checked(TokenFile file, string said)
    {
        var length = new FileInfo(file.Path).Length;
        return length == file.End
            ? file
            : throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{file.Path}' has {length} bytes, but {said} {file.Tokens} tokens of {file.BytesPerToken} bytes, which end at {file.End}; it was cut off or damaged: copy or write it again."
                )
            );
    }

    private static bool IsOurs(string path) => path.EndsWith(".tokens", StringComparison.OrdinalIgnoreCase);

    private static TokenFile ReadOurs(string path)
    {
        try
        {
            return Checked(TokenShardFormat.Load(path).At(path), $"'{TokenShardFormat.PathFor(path)}' says");
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{exception.Message} Write the shard again, or copy its description, too.");
        }
    }

    private static bool IsLlmc(string path) => IsBin(path) && LlmcHeader.Begins(Head(path, sizeof(int)));

    private static TokenFile ReadLlmc(string path)
    {
        var (width, tokens) = LlmcHeader.Read(Head(path, LlmcHeader.Length), path);
        return Checked(new TokenFile(path, LlmcHeader.Length, width, tokens), "its header says");
    }

    // Its files say nothing of themselves.
    private static bool IsNanoGpt(string path) =>
        Path.GetFileName(path).ToUpperInvariant() is "TRAIN.BIN" or "VAL.BIN" && !File.Exists(MegatronIndex.PathFor(path));

    private static TokenFile ReadNanoGpt(string path)
    {
        var length = new FileInfo(path).Length;
        return length % sizeof(ushort) == 0
            ? new TokenFile(path, 0, sizeof(ushort), length / sizeof(ushort))
            : throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{path}' has {length} bytes, and nanoGPT's files have two for each token; it was cut off or is of another format."
                )
            );
    }

    private static bool IsBin(string path) => path.EndsWith(".bin", StringComparison.OrdinalIgnoreCase);
}

/// <summary>One format of token files.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Is">Whether a file is of it.</param>
/// <param name="Read">Where the tokens lie in a file of it; refuses a file that isn't whole.</param>
internal sealed record TokenFormat(string Name, Func<string, bool> Is, Func<string, TokenFile> Read);
