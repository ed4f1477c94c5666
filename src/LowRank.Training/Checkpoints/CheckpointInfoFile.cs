using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using LowRank.Training.Files;

namespace LowRank.Training.Checkpoints;

/// <summary>
/// The file <c>checkpoint.json</c>. Its last member is a hash of all before it, byte for byte, so that a changed step is found as a
/// changed weight is. Format 1, of earlier versions, has no hash and stays readable.
/// </summary>
internal static class CheckpointInfoFile
{
    /// <summary>The format that is written.</summary>
    public const int Format = 2;

    private const int HashDigits = 32;

    private static ReadOnlySpan<byte> Close => "\n}"u8;

    private static ReadOnlySpan<byte> BeforeHash => ",\n  \"hash\": \""u8;

    private static ReadOnlySpan<byte> AfterHash => "\"\n}"u8;

    /// <summary>Writes it through to the disk.</summary>
    public static void Write(string path, CheckpointInfo info)
    {
        var members = JsonSerializer.SerializeToUtf8Bytes(info, CheckpointJson.Default.CheckpointInfo).AsSpan()[..^Close.Length];
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write);
        stream.Write(members);
        stream.Write(BeforeHash);
        stream.Write(Encoding.ASCII.GetBytes(HashOf(members)));
        stream.Write(AfterHash);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Reads and checks it.</summary>
    /// <exception cref="InvalidDataException">It isn't what was written; file and key are named.</exception>
    public static CheckpointInfo Read(string path)
    {
        SpecialFile.Refuse(path);
        var bytes = File.ReadAllBytes(path);
        CheckpointInfo? info;
        try
        {
            info = JsonSerializer.Deserialize(bytes, CheckpointJson.Default.CheckpointInfo);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(Describe(exception), exception);
        }

        if (info is null)
            throw new InvalidDataException($"{CheckpointFolder.InfoFile} says nothing");
        CheckpointInfoCheck.Validate(info);
        CheckHash(bytes, info.Format);
        return info;
    }

    private static void CheckHash(ReadOnlySpan<byte> bytes, int format)
    {
        var length = BeforeHash.Length + HashDigits + AfterHash.Length;
        var end = bytes.Length > length ? bytes[^length..] : default;
        if (!end.StartsWith(BeforeHash) || !end.EndsWith(AfterHash))
        {
            if (format >= 2)
                throw new InvalidDataException($"{CheckpointFolder.InfoFile} has lost the hash at its end");
            return;
        }

        var hash = Encoding.ASCII.GetString(end.Slice(BeforeHash.Length, HashDigits));
        if (!string.Equals(hash, HashOf(bytes[..^length]), StringComparison.Ordinal))
            throw new InvalidDataException($"{CheckpointFolder.InfoFile} is not what was written: its hash is another one");
    }

    private static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexString(XxHash128.Hash(bytes));

    private static string Describe(JsonException exception)
    {
        const string Missing = "including: ";
        var key = exception.Path is { Length: > 2 } path ? path[2..] : null;
        var line = exception.LineNumber is { } number ? FormattableString.Invariant($" (line {number + 1})") : "";
        var text = exception.Message;
        if (text.IndexOf(Missing, StringComparison.Ordinal) is >= 0 and var names)
            return $"{CheckpointFolder.InfoFile}: {(key is null ? "" : $"'{key}' ")}lacks {text[(names + Missing.Length)..].Split(". ")[0].TrimEnd('.')}";
        if (text.StartsWith("Duplicate", StringComparison.Ordinal))
            return $"{CheckpointFolder.InfoFile}: a key stands there twice{(key is null ? "" : $", '{key}'")}{line}";
        return key is null
            ? $"{CheckpointFolder.InfoFile} is no JSON document of a checkpoint{line}"
            : $"{CheckpointFolder.InfoFile}: '{key}' has a value that can't be read{line}";
    }
}
