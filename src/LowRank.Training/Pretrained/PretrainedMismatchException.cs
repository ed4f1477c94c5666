namespace LowRank.Training.Pretrained;

/// <summary>A checkpoint doesn't fit the model that it should be loaded into. Nothing was loaded.</summary>
/// <param name="folder">The checkpoint's folder.</param>
/// <param name="model">The model's name.</param>
/// <param name="mismatch">All that doesn't fit.</param>
public sealed class PretrainedMismatchException(string folder, string model, PretrainedMismatch mismatch)
    : InputException($"The checkpoint in '{folder}' doesn't fit {model}; declare the model as the checkpoint is:{string.Concat(mismatch.Lines().Select(line => $"\n  {line}"))}")
{
    /// <summary>All that doesn't fit.</summary>
    public PretrainedMismatch Mismatch { get; } = mismatch;
}
