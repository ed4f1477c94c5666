namespace LowRank.EndToEnd.Tests.Mutations;

/// <summary>A file that is damaged, and the commands that read it.</summary>
/// <param name="Name">What the summary calls it.</param>
/// <param name="Path">Its place in the ground.</param>
/// <param name="Mutate">Damages its content.</param>
/// <param name="Commands">What reads it, with paths as in the ground; <c>{new}</c> is a folder of the case's own.</param>
/// <param name="Sealed">The checkpoint whose list of hashes names the file, renewed for half of the cases; null for none.</param>
internal sealed record MutatedFile(
    string Name,
    string Path,
    Func<byte[], Dice, byte[]> Mutate,
    IReadOnlyList<string[]> Commands,
    string? Sealed = null
);
