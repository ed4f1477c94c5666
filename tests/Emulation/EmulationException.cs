namespace LowRank.Tests.Emulation;

/// <summary>A kernel does what a GPU forbids: threads wait for others that never come, an access at an odd address.</summary>
/// <param name="message">What.</param>
internal sealed class EmulationException(string message) : Exception(message);
