using System.Text.Json;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>A safetensors file read from the format's definition: type, shape and bytes of every tensor.</summary>
internal sealed record PlainTensor(string Type, long[] Shape, byte[] Bytes)
{
    /// <summary>The tensors of all files of a folder.</summary>
    public static Dictionary<string, PlainTensor> ReadFolder(string folder)
    {
        var tensors = new Dictionary<string, PlainTensor>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(folder, "*.safetensors"))
        {
            var content = File.ReadAllBytes(file);
            var length = (int)BitConverter.ToUInt64(content);
            using var header = JsonDocument.Parse(content.AsMemory(8, length));
            foreach (var entry in header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
            {
                var offsets = entry.Value.GetProperty("data_offsets");
                tensors.Add(
                    entry.Name,
                    new PlainTensor(
                        entry.Value.GetProperty("dtype").GetString()!,
                        [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())],
                        content[(8 + length + offsets[0].GetInt32())..(8 + length + offsets[1].GetInt32())]
                    )
                );
            }
        }

        return tensors;
    }

    /// <summary>Its values as 32-bit floats.</summary>
    public Tensor Values()
    {
        var values = Type switch
        {
            "F32" => Enumerable.Range(0, Bytes.Length / 4).Select(index => BitConverter.ToSingle(Bytes, 4 * index)),
            "BF16" => Enumerable
                .Range(0, Bytes.Length / 2)
                .Select(index => BitConverter.UInt32BitsToSingle((uint)BitConverter.ToUInt16(Bytes, 2 * index) << 16)),
            "F16" => Enumerable.Range(0, Bytes.Length / 2).Select(index => (float)BitConverter.ToHalf(Bytes, 2 * index)),
            _ => throw new NotSupportedException(Type),
        };
        return tensor(values.ToArray(), Shape);
    }
}
