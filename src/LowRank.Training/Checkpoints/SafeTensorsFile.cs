using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace LowRank.Training.Checkpoints;

/// <summary>
/// The safetensors format: eight bytes with the length of a JSON header, the header with type, shape and place of every tensor, then
/// the tensors' bytes, little-endian and without gaps.
/// </summary>
public static class SafeTensorsFile
{
    private const int CopyBuffer = 1 << 20;

    /// <summary>Writes tensors and flushes them to the disk.</summary>
    /// <param name="path">The file; it is overwritten.</param>
    /// <param name="tensors">Name and tensor.</param>
    public static void Write(string path, IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, CopyBuffer);
        var header = Header(tensors);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, tensor) in tensors)
        {
            using var detached = tensor.detach();
            using var host = detached.cpu();
            using var dense = host.contiguous();
            dense.WriteBytesToStream(stream, CopyBuffer);
        }

        stream.Flush(flushToDisk: true);
    }

    /// <summary>Reads the header of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is no safetensors file, or is cut off.</exception>
    public static IReadOnlyDictionary<string, SafeTensorEntry> ReadHeader(string path)
    {
        using var stream = File.OpenRead(path);
        return ReadHeader(stream, path);
    }

    /// <summary>Copies tensors of a file into existing ones.</summary>
    /// <param name="path">The file.</param>
    /// <param name="destinations">Name and tensor; each must be in the file, with the same shape and type.</param>
    /// <exception cref="InvalidDataException">The file is cut off, or a tensor is missing or has another shape or type.</exception>
    public static void ReadInto(string path, IReadOnlyList<(string Name, Tensor Tensor)> destinations)
    {
        ArgumentNullException.ThrowIfNull(destinations);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, CopyBuffer);
        var entries = ReadHeader(stream, path);
        using var noGradient = no_grad();
        foreach (var (name, destination) in destinations)
        {
            if (!entries.TryGetValue(name, out var entry))
                throw new InvalidDataException($"{path} holds no tensor '{name}'.");
            if (entry.Type != TypeName(destination.dtype) || !entry.Shape.SequenceEqual(destination.shape))
            {
                throw new InvalidDataException(
                    $"'{name}' in {path} is {entry.Type}[{string.Join(", ", entry.Shape)}], where "
                    + $"{TypeName(destination.dtype)}[{string.Join(", ", destination.shape)}] belongs.");
            }

            stream.Position = entry.Offset;
            using var read = empty(entry.Shape, destination.dtype);
            read.ReadBytesFromStream(stream, CopyBuffer);
            destination.copy_(read);
        }
    }

    private static Dictionary<string, SafeTensorEntry> ReadHeader(FileStream stream, string path)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (stream.Length < 8)
            throw new InvalidDataException($"{path} is cut off: it has {stream.Length} bytes.");
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > (ulong)(stream.Length - 8) || length > 100_000_000)
            throw new InvalidDataException($"{path} is no safetensors file, or is cut off: its header would have {length} bytes.");
        var header = new byte[length];
        stream.ReadExactly(header);

        var entries = new Dictionary<string, SafeTensorEntry>(StringComparer.Ordinal);
        var data = 8 + (long)length;
        try
        {
            using var json = JsonDocument.Parse(header);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.NameEquals("__metadata__"))
                    continue;
                var offsets = property.Value.GetProperty("data_offsets");
                var entry = new SafeTensorEntry(
                    property.Value.GetProperty("dtype").GetString()!,
                    [.. property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())],
                    data + offsets[0].GetInt64(),
                    offsets[1].GetInt64() - offsets[0].GetInt64());
                if (entry.Offset + entry.Bytes > stream.Length)
                    throw new InvalidDataException($"{path} is cut off: '{property.Name}' should end at byte {entry.Offset + entry.Bytes} of {stream.Length}.");
                entries.Add(property.Name, entry);
            }
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"{path} is no safetensors file: its header cannot be read.", exception);
        }

        return entries;
    }

    private static byte[] Header(IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            long offset = 0;
            foreach (var (name, tensor) in tensors)
            {
                var end = offset + tensor.NumberOfElements * tensor.ElementSize;
                json.WriteStartObject(name);
                json.WriteString("dtype", TypeName(tensor.dtype));
                json.WriteStartArray("shape");
                foreach (var size in tensor.shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
                offset = end;
            }

            json.WriteEndObject();
        }

        // The data starts on a boundary of eight bytes; the format pads the header with spaces.
        while (memory.Length % 8 != 0)
            memory.WriteByte((byte)' ');
        return memory.ToArray();
    }

    private static string TypeName(ScalarType type) => type switch
    {
        ScalarType.Float64 => "F64",
        ScalarType.Float32 => "F32",
        ScalarType.Float16 => "F16",
        ScalarType.BFloat16 => "BF16",
        ScalarType.Int64 => "I64",
        ScalarType.Int32 => "I32",
        _ => throw new NotSupportedException($"Tensors of type {type} are not written to safetensors files."),
    };
}
