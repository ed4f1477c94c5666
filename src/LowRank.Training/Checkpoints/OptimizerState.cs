using LowRank.Training.Optimization;
using LowRank.Training.SafeTensors;
using static TorchSharp.torch;

namespace LowRank.Training.Checkpoints;

/// <summary>What the optimizer keeps from step to step in a checkpoint, under the parameters' names.</summary>
internal static class OptimizerState
{
    /// <summary>Writes it.</summary>
    public static void Save(string folder, FlatParameters parameters)
    {
        var tensors = State(parameters);
        SafeTensorsFile.Write(Path.Combine(folder, Checkpoint.OptimizerFile), tensors);
        Dispose(tensors);
    }

    /// <summary>How many bytes that takes.</summary>
    public static long Bytes(FlatParameters parameters)
    {
        var tensors = State(parameters);
        var bytes = tensors.Sum(entry => entry.Tensor.NumberOfElements * entry.Tensor.ElementSize);
        Dispose(tensors);
        return bytes;
    }

    /// <summary>The optimizer's updates of each buffer, under the name of its first parameter.</summary>
    public static IReadOnlyDictionary<string, long> Updates(FlatParameters parameters) =>
        parameters.Buffers.ToDictionary(buffer => buffer.Slices[0].Name, buffer => buffer.Updates, StringComparer.Ordinal);

    /// <summary>Reads it into the buffers of a model that has the checkpoint's parameters and optimizer.</summary>
    public static void Load(Checkpoint checkpoint, FlatParameters parameters)
    {
        var tensors = State(parameters);
        try
        {
            SafeTensorsFile.ReadInto(Path.Combine(checkpoint.Folder, Checkpoint.OptimizerFile), tensors);
        }
        catch (InvalidDataException exception)
        {
            throw new InputException($"The checkpoint {checkpoint.Folder} cannot be resumed: {exception.Message} Use an older one.");
        }

        Dispose(tensors);
        foreach (var buffer in parameters.Buffers)
        {
            var name = buffer.Slices[0].Name;
            buffer.Updates =
                checkpoint.Info.Updates.TryGetValue(name, out var updates) && updates >= 0
                    ? updates
                    : throw new InputException(
                        $"The checkpoint {checkpoint.Folder} cannot be resumed: its {CheckpointFolder.InfoFile} counts no updates of '{name}'. Use an older one."
                    );
        }
    }

    private static List<(string Name, Tensor Tensor)> State(FlatParameters parameters) =>
        [.. parameters.Buffers.SelectMany(buffer => buffer.State())];

    private static void Dispose(List<(string Name, Tensor Tensor)> tensors)
    {
        foreach (var (_, tensor) in tensors)
            tensor.Dispose();
    }
}
