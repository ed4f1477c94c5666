namespace LowRank.Training;

/// <summary>
/// A disk, or a user's share of it, has no room for what is to be written. The message says where, and what to do; the command line prints
/// it and ends with exit code 1, since what was asked for is not wrong.
/// </summary>
/// <param name="message">What can't be written, where, and what to do.</param>
/// <param name="cause">What the system said; null where nothing was tried.</param>
public sealed class NoSpaceException(string message, Exception? cause) : IOException(message, cause);
