using LowRank.Training.Optimization;
using static TorchSharp.torch;

namespace LowRank.Training.Checkpoints;

/// <summary>The moments of the optimiser in a checkpoint, under the parameters' names.</summary>
internal static class OptimizerState
{
    private const string Lasting = "";

    /// <summary>Writes the moments.</summary>
    public static void Save(string folder, FlatParameters parameters)
    {
        var tensors = Moments(parameters);
        SafeTensorsFile.Write(Path.Combine(folder, Checkpoint.OptimizerFile), tensors);
        Dispose(tensors);
    }

    /// <summary>The optimiser's updates: of the lasting parameters under an empty name, of each guide under its own.</summary>
    public static IReadOnlyDictionary<string, long> Updates(FlatParameters parameters) =>
        parameters.Buffers.ToDictionary(buffer => NameOf(buffer, parameters), buffer => buffer.Updates, StringComparer.Ordinal);

    /// <summary>Reads the moments of a checkpoint into the buffers of a model that has its parameters.</summary>
    public static void Load(Checkpoint checkpoint, FlatParameters parameters)
    {
        var tensors = Moments(parameters);
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
            buffer.Updates = checkpoint.Info.Updates[NameOf(buffer, parameters)];
    }

    private static string NameOf(FlatBuffer buffer, FlatParameters parameters) =>
        buffer == parameters.Lasting ? Lasting : buffer.Slices[0].Name;

    private static List<(string Name, Tensor Tensor)> Moments(FlatParameters parameters)
    {
        var tensors = new List<(string, Tensor)>();
        foreach (var buffer in parameters.Buffers)
        {
            foreach (var slice in buffer.Slices)
            {
                tensors.Add(($"{slice.Name}.first_moment", FlatBuffer.View(buffer.FirstMoments, slice)));
                tensors.Add(($"{slice.Name}.second_moment", FlatBuffer.View(buffer.SecondMoments, slice)));
            }
        }

        return tensors;
    }

    private static void Dispose(List<(string Name, Tensor Tensor)> tensors)
    {
        foreach (var (_, tensor) in tensors)
            tensor.Dispose();
    }
}
