namespace LowRank.Cuda;

/// <summary>How many threads run a kernel.</summary>
/// <param name="Blocks">Number of blocks.</param>
/// <param name="Threads">Threads of a block, a multiple of 32 up to 1,024.</param>
internal readonly record struct KernelGrid(long Blocks, int Threads);
