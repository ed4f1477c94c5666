namespace LowRank.Cuda;

/// <summary>A kernel for one set of sizes and types: what is compiled, once for each device.</summary>
/// <param name="File">Name of the text in the room <c>Kernels/Cuda</c>, without its ending.</param>
/// <param name="Name">The kernel in it, as <c>extern "C"</c> names it.</param>
/// <param name="Constants">What the text is compiled with, as <c>NAME=value</c>, with blanks between: the declared sizes, the types of the
/// elements.</param>
internal readonly record struct KernelVariant(string File, string Name, string Constants);
