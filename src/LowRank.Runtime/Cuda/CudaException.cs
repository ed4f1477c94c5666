using System.Runtime.InteropServices;

namespace LowRank.Cuda;

/// <summary>The driver, or libtorch asked about a device, refuses. TorchSharp's own errors are of the base type too.</summary>
/// <param name="message">What failed.</param>
/// <param name="result">The result that it gave.</param>
internal sealed class CudaException(string message, int result) : ExternalException(message, result);
