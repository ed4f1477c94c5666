using System.Globalization;
using System.Text.Json;
using LowRank.Training.Pretrained.Tensors;
using LowRank.Training.SafeTensors;

namespace LowRank.Training.Pretrained;

/// <summary>Writes tensors as one safetensors file, or as shards with an index.</summary>
internal static class ShardWriter
{
    // Hugging Face's library refuses a file that doesn't say which framework's tensors it holds.
    private static readonly Dictionary<string, string> Metadata = new(StringComparer.Ordinal) { ["format"] = "pt" };

    /// <summary>Writes them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="tensors">The tensors, in order.</param>
    /// <param name="shardBytes">Most bytes of tensors in one file.</param>
    public static void Write(string folder, IReadOnlyList<SafeTensorSource> tensors, long shardBytes)
    {
        var shards = Split(tensors, shardBytes);
        if (shards.Count == 1)
        {
            SafeTensorsFile.Write(Path.Combine(folder, TensorFolder.SingleFile), tensors, Metadata);
            return;
        }

        string[] names =
        [
            .. Enumerable
                .Range(1, shards.Count)
                .Select(number => string.Create(CultureInfo.InvariantCulture, $"model-{number:D5}-of-{shards.Count:D5}.safetensors")),
        ];
        for (var index = 0; index < shards.Count; index++)
            SafeTensorsFile.Write(Path.Combine(folder, names[index]), shards[index], Metadata);
        WriteIndex(Path.Combine(folder, TensorFolder.IndexFile), shards, names);
    }

    private static List<List<SafeTensorSource>> Split(IReadOnlyList<SafeTensorSource> tensors, long shardBytes)
    {
        var shards = new List<List<SafeTensorSource>> { new() };
        long bytes = 0;
        foreach (var tensor in tensors)
        {
            if (shards[^1].Count > 0 && bytes + tensor.Bytes > shardBytes)
            {
                shards.Add([]);
                bytes = 0;
            }

            shards[^1].Add(tensor);
            bytes += tensor.Bytes;
        }

        return shards;
    }

    private static void WriteIndex(string path, List<List<SafeTensorSource>> shards, string[] names)
    {
        using var stream = File.Create(path);
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteStartObject("metadata");
        json.WriteNumber("total_size", shards.Sum(shard => shard.Sum(tensor => tensor.Bytes)));
        json.WriteEndObject();
        json.WriteStartObject("weight_map");
        foreach (
            var (name, file) in shards
                .SelectMany((shard, index) => shard.Select(tensor => (tensor.Name, names[index])))
                .OrderBy(pair => pair.Name, StringComparer.Ordinal)
        )
            json.WriteString(name, file);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
