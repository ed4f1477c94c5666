using LowRank.Training.Tokenization;

namespace LowRank.Training.Pretrained;

/// <summary>How a model is written as a Hugging Face checkpoint.</summary>
public sealed record ExportOptions
{
    /// <summary>Five gigabytes, as Hugging Face's library has it.</summary>
    internal const long DefaultShardBytes = 5_000_000_000;

    /// <summary>The architecture; null for the first that expresses the declaration.</summary>
    public Architecture? Architecture { get; init; }

    /// <summary>The type of the weights.</summary>
    public WeightPrecision Precision { get; init; }

    /// <summary>Whether factors are written as they are, under names of this library's own, instead of their products.</summary>
    public bool KeepFactors { get; init; }

    /// <summary>Most bytes of tensors in one file; a larger tensor has a file for itself.</summary>
    public long ShardBytes { get; init; } = DefaultShardBytes;

    /// <summary>The <c>tokenizer.json</c> to write beside the weights; null for none.</summary>
    public string? TokenizerPath { get; init; }

    /// <summary>The files to write as they are beside the tokenizer, such as those that came with an imported model.</summary>
    public CompanionFiles Companions { get; init; } = CompanionFiles.None;
}
