namespace LowRank.Training.Distributed;

/// <summary>A function of MPI has failed.</summary>
internal sealed class MpiException(string message) : Exception(message);
