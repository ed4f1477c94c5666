using LowRank.Cuda;

namespace LowRank.Training.Runs;

/// <summary>A GPU as its driver shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Capability">Its compute capability.</param>
internal readonly record struct CudaCard(string Name, CudaVersion Capability)
{
    /// <summary><c>NVIDIA H200 (compute capability 9.0)</c>.</summary>
    public override string ToString() => $"{Name} (compute capability {Capability})";
}
