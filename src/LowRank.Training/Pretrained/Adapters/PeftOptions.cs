namespace LowRank.Training.Pretrained.Adapters;

/// <summary>How adapters are written for Hugging Face's PEFT library.</summary>
public sealed record PeftOptions
{
    /// <summary>The name or path of the base model, <c>base_model_name_or_path</c>; null leaves it to whoever loads the adapters.</summary>
    public string? BaseModel { get; init; }

    /// <summary>The architecture whose names are used; null for the first that expresses the declaration.</summary>
    public Architecture? Architecture { get; init; }

    /// <summary>The type of the matrices.</summary>
    public WeightPrecision Precision { get; init; }
}
