namespace LowRank.Dispatch;

/// <summary>An operator of libtorch failed.</summary>
/// <param name="message">Which, and why.</param>
internal sealed class TorchOperatorException(string message) : Exception(message);
