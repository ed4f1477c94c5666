using LowRank.Cuda;

namespace LowRank.Training.Distributed;

/// <summary>What a rank needs to take part in NCCL's operations.</summary>
/// <param name="Nccl">NCCL.</param>
/// <param name="Gpu">The rank's GPU.</param>
/// <param name="Streams">Knows the stream on which a thread computes.</param>
internal sealed record NcclMachine(NcclLibrary Nccl, CudaDevice Gpu, CudaStream Streams)
{
    /// <summary>Finds it. libtorch has to be loaded.</summary>
    /// <param name="machine">The GPUs.</param>
    /// <param name="index">Which of them, as libtorch counts them.</param>
    /// <exception cref="InputException">Something is missing.</exception>
    public static NcclMachine Find(CudaMachine machine, int index)
    {
        try
        {
            var torch = machine.Torch();
            var nccl = NcclLibrary.Find(torch, NvrtcFiles.Folders(torch, Environment.GetEnvironmentVariable));
            return new NcclMachine(nccl, machine.Device(index).Required, machine.Stream().Required);
        }
        catch (NotSupportedException exception)
        {
            throw new InputException(
                $"Ranks on GPUs reduce their gradients by NCCL, which can't be used: {exception.Message}. Install NCCL where the system's "
                    + "loader finds libnccl.so.2 (LD_LIBRARY_PATH can name its folder), or train on CPUs."
            );
        }
    }
}
