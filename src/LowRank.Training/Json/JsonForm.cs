namespace LowRank.Training.Json;

/// <summary>What is read beyond the standard.</summary>
internal enum JsonForm
{
    /// <summary>Nothing: the file comes from a program.</summary>
    Strict,

    /// <summary>Comments and commas before a closing bracket: the file is written by hand.</summary>
    WithComments,
}
