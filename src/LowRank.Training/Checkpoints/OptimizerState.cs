using LowRank.Training.Optimization;
using LowRank.Training.SafeTensors;
using static TorchSharp.torch;

namespace LowRank.Training.Checkpoints;

/// <summary>What the optimizer keeps from step to step in a checkpoint, under the parameters' names.</summary>
internal static class OptimizerState
{
    /// <summary>Writes it, on the first rank where there are several.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <param name="exchange">Has the state.</param>
    public static void Save(string folder, StateExchange exchange) =>
        SafeTensorsFile.Write(
            Path.Combine(folder, Checkpoint.OptimizerFile),
            [
                .. exchange.States.Select(
                    (state, index) =>
                        new SafeTensorSource(state.Name, state.Buffer.Values.dtype, [.. state.Shape], () => exchange.Whole(index))
                ),
            ]
        );

    /// <summary>How many bytes that takes.</summary>
    public static long Bytes(FlatParameters parameters) =>
        parameters.Buffers.SelectMany(buffer => buffer.State()).Sum(state => state.Bytes);

    /// <summary>The optimizer's updates of each buffer, under the name of its first parameter.</summary>
    public static IReadOnlyDictionary<string, long> Updates(FlatParameters parameters) =>
        parameters.Buffers.ToDictionary(buffer => buffer.Slices[0].Name, buffer => buffer.Updates, StringComparer.Ordinal);

    /// <summary>
    /// Reads it into the buffers of a model that has the checkpoint's parameters and optimizer: what this process keeps of it.
    /// </summary>
    public static void Load(Checkpoint checkpoint, FlatParameters parameters)
    {
        var path = Path.Combine(checkpoint.Folder, Checkpoint.OptimizerFile);
        var states = parameters.Buffers.SelectMany(buffer => buffer.State()).ToList();
        try
        {
            using (NewDisposeScope())
                SafeTensorsFile.ReadInto(path, [.. states.Where(state => state.IsWhole).Select(state => (state.Name, InShape(state)))]);
            foreach (var state in states.Where(state => state is { IsWhole: false, Own: not null }))
                ReadPart(path, state);
        }
        catch (InvalidDataException exception)
        {
            throw new InputException($"The checkpoint {checkpoint.Folder} cannot be resumed: {exception.Message} Use an older one.");
        }

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

    private static Tensor InShape(FlatState state)
    {
        using var flat = state.Own!();
        return flat.view([.. state.Shape]);
    }

    // Of a tensor that ranks share.
    private static void ReadPart(string path, FlatState state)
    {
        using var noGradient = no_grad();
        using var whole = empty([.. state.Shape], state.Buffer.Values.dtype);
        SafeTensorsFile.ReadInto(path, [(state.Name, whole)]);
        using var flat = whole.view(-1);
        var part = state.Parts.First(part => part.IsOwn);
        using var range = flat.narrow(0, part.Start, part.Count);
        using var own = state.Own!();
        own.copy_(range);
    }
}
