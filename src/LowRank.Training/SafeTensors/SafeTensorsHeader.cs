using System.Buffers.Binary;
using LowRank.Training.Json;

namespace LowRank.Training.SafeTensors;

/// <summary>
/// Reads the header of a safetensors file and believes none of it that the file doesn't bear out: the ranges lie one after the other,
/// without holes or overlaps, from the end of the header to the end of the file, each as long as type and shape ask for.
/// </summary>
internal static class SafeTensorsHeader
{
    private const string Metadata = "__metadata__";
    private const int LengthBytes = 8;
    private const ulong Longest = 100_000_000;

    /// <summary>Reads it.</summary>
    /// <param name="stream">The file, at its beginning.</param>
    /// <param name="path">What messages call it.</param>
    /// <exception cref="InvalidDataException">It is no such file, or is damaged.</exception>
    public static IReadOnlyDictionary<string, SafeTensorEntry> Read(FileStream stream, string path)
    {
        Span<byte> prefix = stackalloc byte[LengthBytes];
        if (stream.Length < LengthBytes)
            throw new InvalidDataException($"{path} is cut off: it has {stream.Length} bytes.");
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > Longest)
            throw new InvalidDataException(
                $"{path} is no safetensors file: its header would have {length} bytes, more than the format allows."
            );
        if (length > (ulong)(stream.Length - LengthBytes))
            throw new InvalidDataException(
                $"{path} is no safetensors file, or is cut off: its header would have {length} of its {stream.Length} bytes."
            );
        var header = new byte[length];
        stream.ReadExactly(header);
        if (header is not [(byte)'{', ..])
            throw new InvalidDataException($"{path} is no safetensors file: its header is no JSON object.");

        var start = LengthBytes + (long)length;
        var entries = new Dictionary<string, SafeTensorEntry>(StringComparer.Ordinal);
        try
        {
            foreach (var (name, place) in JsonFile.Parse(header, path).Members())
            {
                if (name == Metadata)
                    CheckMetadata(place);
                else
                    entries.Add(name, Entry(place, start, stream.Length - start));
            }
        }
        catch (WrongJsonException exception)
        {
            throw new InvalidDataException($"{path} is no safetensors file, or is damaged: in its header, {exception.What}.", exception);
        }

        CheckRanges(entries, start, stream.Length, path);
        return entries;
    }

    private static void CheckMetadata(JsonPlace metadata)
    {
        if (metadata.IsEmpty)
            return;
        foreach (var (_, text) in metadata.Members())
            _ = text.Text();
    }

    private static SafeTensorEntry Entry(JsonPlace place, long start, long most)
    {
        if (!place.IsObject)
            throw place.MustBe("an object with dtype, shape and data_offsets");
        var type = place.At("dtype").Text("the name of a type");
        if (SafeTensorsTypes.Bits(type) is not { } bits)
            throw place
                .At("dtype")
                .Wrong($"is {ShownText.Of(type)}, which is none of the format's types ({string.Join(", ", SafeTensorsTypes.Names)})");
        long[] shape = [.. place.At("shape").Elements().Select(size => size.Whole(0, long.MaxValue))];
        var offsets = place.At("data_offsets");
        if (offsets.Elements() is not [var first, var last])
            throw offsets.MustBe("two whole numbers, begin and end");
        var (begin, end) = (first.Whole(0, long.MaxValue), last.Whole(0, long.MaxValue));
        if (end > most)
            throw offsets.Wrong($"ends at byte {end} of {most}: the file is cut off");
        if (end < begin)
            throw offsets.Wrong($"ends at {end}, before it begins at {begin}");
        if (Bytes(shape, bits) is not { } bytes || bytes != end - begin)
            throw offsets.Wrong(
                $"gives {end - begin} bytes to {type}[{ShownText.List([.. shape.Select(size => $"{size}")])}], which takes another number"
            );
        return new SafeTensorEntry(type, shape, start + begin, end - begin);
    }

    // Null where it is no whole number of bytes, or more than any file has.
    private static long? Bytes(long[] shape, int bits)
    {
        var elements = shape.Contains(0)
            ? 0
            : shape.Aggregate<long, Int128>(1, (product, size) => product > long.MaxValue ? product : product * size);
        return elements <= long.MaxValue && elements * bits % 8 == 0 && elements * bits / 8 <= long.MaxValue
            ? (long)(elements * bits / 8)
            : null;
    }

    private static void CheckRanges(Dictionary<string, SafeTensorEntry> entries, long start, long length, string path)
    {
        var (place, before) = (start, "the header");
        foreach (var (name, entry) in entries.OrderBy(pair => pair.Value.Offset).ThenBy(pair => pair.Value.Bytes))
        {
            if (entry.Offset != place)
            {
                throw new InvalidDataException(
                    $"{path} is damaged: '{ShownText.Of(name)}' begins at byte {entry.Offset - start} of the data, where {before} ends at {place - start}; "
                        + "tensors lie one after the other, without holes or overlaps."
                );
            }

            (place, before) = (entry.Offset + entry.Bytes, $"'{ShownText.Of(name)}'");
        }

        if (place != length)
            throw new InvalidDataException($"{path} is damaged: its tensors end at byte {place} and the file at {length}.");
    }
}
