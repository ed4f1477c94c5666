namespace LowRank.Training.Json;

/// <summary>A JSON file doesn't say what it must.</summary>
/// <param name="file">The file.</param>
/// <param name="what">The key and what is wrong with it, without a full stop.</param>
internal sealed class WrongJsonException(string file, string what) : InputException($"{file}: {what}.")
{
    /// <summary>The key and what is wrong with it.</summary>
    public string What { get; } = what;
}
