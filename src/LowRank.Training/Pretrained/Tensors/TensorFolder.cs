using LowRank.Training.Json;
using LowRank.Training.SafeTensors;
using static TorchSharp.torch;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>The tensors of a Hugging Face checkpoint, in one file or in shards under an index.</summary>
internal sealed class TensorFolder
{
    public const string SingleFile = "model.safetensors";
    public const string IndexFile = "model.safetensors.index.json";

    private readonly Dictionary<string, StoredTensor> tensors = new(StringComparer.Ordinal);
    private readonly List<string> problems = [];

    private TensorFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The tensors by their names.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors => tensors;

    /// <summary>Where index and shards disagree.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>Reads the headers of all files.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="InputException">There is no such folder or file in it, or a file is damaged.</exception>
    public static TensorFolder Open(string path)
    {
        if (!Directory.Exists(path))
            throw new InputException($"There is no folder '{path}'; give the folder of a Hugging Face checkpoint.");
        var folder = new TensorFolder(path);
        try
        {
            if (File.Exists(System.IO.Path.Combine(path, IndexFile)))
                folder.ReadShards();
            else if (File.Exists(System.IO.Path.Combine(path, SingleFile)))
                folder.ReadSingle();
            else
                throw new InputException($"'{path}' holds neither {SingleFile} nor {IndexFile}{OtherFormats(path)}.");
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InputException($"The checkpoint in '{path}' is damaged or cut off: {exception.Message} Download it again.");
        }

        return folder;
    }

    /// <summary>Reads a tensor. The caller disposes it.</summary>
    /// <exception cref="InputException">It is damaged, or holds what is no number.</exception>
    public Tensor Read(string name)
    {
        var stored = tensors[name];
        try
        {
            var read = SafeTensorsFile.Read(stored.File, stored.Entry);
            try
            {
                FiniteWeights.Check(read, name, stored.File, "Download the checkpoint again, or take an earlier one of its training.");
                return read;
            }
            catch
            {
                read.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new InputException($"'{name}' cannot be read: {exception.Message} Download the checkpoint again.");
        }
    }

    private static string OtherFormats(string path)
    {
        string[] others =
        [
            .. Directory
                .EnumerateFiles(path)
                .Select(file => System.IO.Path.GetFileName(file))
                .Where(IsOtherFormat)
                .Order(StringComparer.Ordinal),
        ];
        return others.Length == 0 ? "" : $" ({string.Join(", ", others)} are not read; convert them to safetensors)";
    }

    private static bool IsOtherFormat(string name) =>
        System.IO.Path.GetExtension(name) is ".bin" or ".pt" or ".pth" or ".gguf" or ".h5" or ".msgpack";

    private void ReadSingle()
    {
        var file = System.IO.Path.Combine(Path, SingleFile);
        foreach (var (name, entry) in SafeTensorsFile.ReadHeader(file))
            tensors.Add(name, new StoredTensor(file, entry));
    }

    private void ReadShards()
    {
        var index = System.IO.Path.Combine(Path, IndexFile);
        var headers = new Dictionary<string, IReadOnlyDictionary<string, SafeTensorEntry>>(StringComparer.Ordinal);
        foreach (var (name, place) in JsonFile.Read(index).At("weight_map").Members())
        {
            var shard = ShardName(place);
            var file = System.IO.Path.Combine(Path, shard);
            if (!headers.TryGetValue(shard, out var header))
            {
                header = File.Exists(file) ? SafeTensorsFile.ReadHeader(file) : null;
                headers.Add(shard, header ?? new Dictionary<string, SafeTensorEntry>(StringComparer.Ordinal));
                if (header is null)
                    problems.Add($"the shard {ShownText.Of(shard)} is not there, which {IndexFile} names");
            }

            if (header is not null && header.TryGetValue(name, out var entry))
                tensors[name] = new StoredTensor(file, entry);
            else if (header is { Count: > 0 })
                problems.Add($"{shard} does not hold '{ShownText.Of(name)}', which {IndexFile} says it does");
        }

        foreach (var (shard, header) in headers)
        {
            foreach (var name in header.Keys.Order(StringComparer.Ordinal))
            {
                if (!tensors.TryGetValue(name, out var stored))
                    problems.Add($"{shard} holds '{ShownText.Of(name)}', which {IndexFile} does not name");
                else if (System.IO.Path.GetFileName(stored.File) != shard)
                    problems.Add(
                        $"'{ShownText.Of(name)}' is both in {System.IO.Path.GetFileName(stored.File)}, as {IndexFile} says, and in {shard}"
                    );
            }
        }
    }

    // A shard lies beside its index; a path would reach out of the folder.
    private static string ShardName(JsonPlace place)
    {
        var name = place.Text("the name of a shard");
        return name.Length > 0 && name.IndexOfAny(['/', '\\', ':', '\0']) < 0 && name is not ("." or "..")
            ? name
            : throw place.MustBe("the name of a file beside the index");
    }
}
