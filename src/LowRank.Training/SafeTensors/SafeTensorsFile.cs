using System.Buffers.Binary;
using System.Text.Json;
using LowRank.Training.Files;
using static TorchSharp.torch;

namespace LowRank.Training.SafeTensors;

/// <summary>
/// The safetensors format: eight bytes with the length of a JSON header, the header with type, shape and place of every tensor, then
/// the tensors' bytes, little-endian and without gaps.
/// </summary>
internal static class SafeTensorsFile
{
    private const int CopyBuffer = 1 << 20;

    /// <summary>Writes tensors and flushes them to the disk.</summary>
    /// <param name="path">The file; it is overwritten.</param>
    /// <param name="tensors">Name and tensor.</param>
    public static void Write(string path, IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        Write(
            path,
            [
                .. tensors.Select(entry => new SafeTensorSource(
                    entry.Name,
                    entry.Tensor.dtype,
                    entry.Tensor.shape,
                    () => entry.Tensor.alias()
                )),
            ]
        );
    }

    /// <summary>Writes tensors that are made one by one, and flushes them to the disk.</summary>
    /// <param name="path">The file; it is overwritten.</param>
    /// <param name="tensors">What each is, and how to make it; each is disposed once it is written.</param>
    /// <param name="metadata">Texts for the header's <c>__metadata__</c>; null for none.</param>
    /// <exception cref="InvalidOperationException">A tensor was made with another type or shape than was announced.</exception>
    public static void Write(string path, IReadOnlyList<SafeTensorSource> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, CopyBuffer);
        var header = Header(tensors, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var source in tensors)
        {
            using var tensor = source.Create();
            if (tensor.dtype != source.Type || !tensor.shape.SequenceEqual(source.Shape))
                throw new InvalidOperationException(
                    $"'{source.Name}' was announced as {source.Type}[{string.Join(", ", source.Shape)}] and made as {tensor.dtype}[{string.Join(", ", tensor.shape)}]."
                );
            using var detached = tensor.detach();
            using var host = detached.cpu();
            using var dense = host.contiguous();
            dense.WriteBytesToStream(stream, BufferFor(source.Bytes));
        }

        stream.Flush(flushToDisk: true);
    }

    /// <summary>Reads the header of a file, as strictly as the format's own library does.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors by name: their ranges lie one after the other from the header's end to the file's, each of the size of its
    /// shape.</returns>
    /// <exception cref="InvalidDataException">The file is no safetensors file, is cut off, or its ranges are not those of its
    /// tensors.</exception>
    public static IReadOnlyDictionary<string, SafeTensorEntry> ReadHeader(string path)
    {
        SpecialFile.Refuse(path);
        using var stream = File.OpenRead(path);
        return SafeTensorsHeader.Read(stream, path);
    }

    /// <summary>Copies tensors of a file into existing ones.</summary>
    /// <param name="path">The file.</param>
    /// <param name="destinations">Name and tensor; each must be in the file, with the same shape and type.</param>
    /// <param name="widens">Whether 16-bit floats may become 32-bit ones, which hold them exactly.</param>
    /// <exception cref="InvalidDataException">The file is cut off, or a tensor is missing or has another shape or type.</exception>
    public static void ReadInto(string path, IReadOnlyList<(string Name, Tensor Tensor)> destinations, bool widens = false)
    {
        ArgumentNullException.ThrowIfNull(destinations);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var entries = SafeTensorsHeader.Read(stream, path);
        using var noGradient = no_grad();
        foreach (var (name, destination) in destinations)
        {
            if (!entries.TryGetValue(name, out var entry))
                throw new InvalidDataException($"{path} holds no tensor '{name}'.");
            var isWidened = widens && entry.Type is ("BF16" or "F16") && destination.dtype == ScalarType.Float32;
            if ((entry.Type != SafeTensorsTypes.Name(destination.dtype) && !isWidened) || !entry.Shape.SequenceEqual(destination.shape))
            {
                throw new InvalidDataException(
                    $"'{name}' in {path} is {entry.Type}[{string.Join(", ", entry.Shape)}], where "
                        + $"{SafeTensorsTypes.Name(destination.dtype)}[{string.Join(", ", destination.shape)}] belongs."
                );
            }

            stream.Position = entry.Offset;
            using var read = empty(entry.Shape, isWidened ? SafeTensorsTypes.Read(entry.Type)!.Value : destination.dtype);
            read.ReadBytesFromStream(stream, BufferFor(entry.Bytes));
            destination.copy_(read);
        }
    }

    /// <summary>Reads one tensor.</summary>
    /// <param name="path">The file.</param>
    /// <param name="entry">The tensor, as the file's header describes it.</param>
    /// <returns>The tensor on the CPU, in the type that it is stored in. The caller disposes it.</returns>
    /// <exception cref="InvalidDataException">Its type is none that is read, or its size in bytes is not that of its shape.</exception>
    public static Tensor Read(string path, SafeTensorEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var type =
            SafeTensorsTypes.Read(entry.Type)
            ?? throw new InvalidDataException($"{path} holds a tensor of type {entry.Type}, which is not read.");
        var read = empty(entry.Shape, type);
        if (read.NumberOfElements * read.ElementSize != entry.Bytes)
        {
            read.Dispose();
            throw new InvalidDataException($"{path} gives {entry.Bytes} bytes to a tensor {entry.Type}[{string.Join(", ", entry.Shape)}].");
        }

        using var stream = OpenAt(path, entry);
        read.ReadBytesFromStream(stream, BufferFor(entry.Bytes));
        return read;
    }

    /// <summary>Opens a file at the first byte of a tensor.</summary>
    /// <param name="path">The file.</param>
    /// <param name="entry">The tensor, as the file's header describes it.</param>
    public static FileStream OpenAt(string path, SafeTensorEntry entry) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0) { Position = entry.Offset };

    // No larger than the tensor: most of a small model's have a few kilobytes.
    private static int BufferFor(long bytes) => (int)Math.Clamp(bytes, 1, CopyBuffer);

    private static byte[] Header(IReadOnlyList<SafeTensorSource> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (name, text) in metadata)
                    json.WriteString(name, text);
                json.WriteEndObject();
            }

            long offset = 0;
            foreach (var source in tensors)
            {
                var end = offset + source.Bytes;
                json.WriteStartObject(source.Name);
                json.WriteString("dtype", SafeTensorsTypes.Name(source.Type));
                json.WriteStartArray("shape");
                foreach (var size in source.Shape)
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
}
