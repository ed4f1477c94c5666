namespace LowRank.Training;

/// <summary>
/// What the user gave cannot be used. The message is one sentence or two that say what is wrong, where, and what to do; the command
/// line prints it and ends with exit code 2.
/// </summary>
/// <param name="message">What is wrong, where, and what to do.</param>
public class InputException(string message) : Exception(message);
