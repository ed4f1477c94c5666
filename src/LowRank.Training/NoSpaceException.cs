namespace LowRank.Training;

/// <summary>
/// A disk, or a user's share of it, has no room for what is to be written. The message says where, and what to do; the command line prints
/// it and ends with exit code 1, since what was asked for is not wrong.
/// </summary>
public sealed class NoSpaceException : IOException
{
    /// <summary>Says what is missing where.</summary>
    /// <param name="message">What can't be written, where, and what to do.</param>
    /// <param name="cause">What the system said; null where nothing was tried.</param>
    internal NoSpaceException(string message, Exception? cause)
        : base(message, cause) { }
}
