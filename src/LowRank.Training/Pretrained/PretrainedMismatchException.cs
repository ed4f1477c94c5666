using System.Text;
using LowRank.Training.Pretrained.Config;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained;

/// <summary>A checkpoint doesn't fit the model that it should be loaded into. Nothing was loaded.</summary>
public sealed class PretrainedMismatchException : InputException
{
    private const int MostLetters = 1_400;

    /// <summary>Says what doesn't fit.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="mismatch">All that doesn't fit.</param>
    internal PretrainedMismatchException(string folder, string model, PretrainedMismatch mismatch)
        : base(
            $"The checkpoint in '{folder}' (its {PretrainedConfig.FileName} and safetensors files) doesn't fit {model}; declare the model as the checkpoint is:{Listed(mismatch)}"
        ) => Mismatch = mismatch;

    /// <summary>All that doesn't fit, a line for each; the message has the first of them.</summary>
    public IReadOnlyList<string> Differences => [.. Mismatch.Lines()];

    /// <summary>The same, by kind.</summary>
    internal PretrainedMismatch Mismatch { get; }

    // A checkpoint of another model differs in every tensor; the first lines say as much as all.
    private static string Listed(PretrainedMismatch mismatch)
    {
        var text = new StringBuilder();
        var lines = mismatch.Lines().ToList();
        var shown = 0;
        while (shown < lines.Count && (shown == 0 || text.Length + lines[shown].Length <= MostLetters))
            text.Append("\n  ").Append(lines[shown++]);
        if (shown < lines.Count)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n  and {lines.Count - shown} more lines of this kind");
        return text.ToString();
    }
}
