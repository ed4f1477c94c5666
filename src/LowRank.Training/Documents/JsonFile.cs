namespace LowRank.Training.Documents;

/// <summary>Reads <c>.json</c>: an array of objects, or one object a line, as many collections name their JSON lines.</summary>
internal static class JsonFile
{
    private const int HeadLength = 1024;

    /// <summary>The records of a stream, without those whose text is empty.</summary>
    /// <exception cref="InputException">It is neither, or its first record holds no text.</exception>
    public static IEnumerable<TextRecord> ReadRecords(Stream stream, RecordReading reading)
    {
        var input = new ByteInput(stream);
        return IsArray(input) ? new JsonArray(input, reading).ReadRecords() : JsonLines.ReadRecords(input.HandOut(), reading);
    }

    /// <summary>Looks at what the file begins with; a byte-order mark is skipped before an array.</summary>
    private static bool IsArray(ByteInput input)
    {
        input.TryRequire(HeadLength);
        var head = input.Bytes;
        var mark = head.StartsWith("\uFEFF"u8) ? 3 : 0;
        if (head[mark..].TrimStart(" \t\r\n"u8) is not [(byte)'[', ..])
            return false;

        input.Skip(mark);
        return true;
    }
}
