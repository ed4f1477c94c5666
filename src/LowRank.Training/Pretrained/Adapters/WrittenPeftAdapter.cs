namespace LowRank.Training.Pretrained.Adapters;

/// <summary>Adapters that were written for Hugging Face's PEFT library.</summary>
/// <param name="Folder">Their folder.</param>
/// <param name="Architecture">The architecture whose names they have.</param>
/// <param name="Modules">The adapted modules, in the order of the layers.</param>
/// <param name="Bytes">The size of their matrices.</param>
public sealed record WrittenPeftAdapter(string Folder, Architecture Architecture, IReadOnlyList<string> Modules, long Bytes);
