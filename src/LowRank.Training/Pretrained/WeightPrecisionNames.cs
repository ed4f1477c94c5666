using static TorchSharp.torch;

namespace LowRank.Training.Pretrained;

/// <summary>What the types of weights are called.</summary>
internal static class WeightPrecisionNames
{
    /// <summary>The tensors' type.</summary>
    public static ScalarType ScalarType(this WeightPrecision precision) =>
        precision switch
        {
            WeightPrecision.Bf16 => TorchSharp.torch.ScalarType.BFloat16,
            WeightPrecision.Fp16 => TorchSharp.torch.ScalarType.Float16,
            _ => TorchSharp.torch.ScalarType.Float32,
        };

    /// <summary>The name in <c>config.json</c>.</summary>
    public static string LongName(this WeightPrecision precision) =>
        precision switch
        {
            WeightPrecision.Bf16 => "bfloat16",
            WeightPrecision.Fp16 => "float16",
            _ => "float32",
        };

    /// <summary>The name on the command line.</summary>
    public static string Key(this WeightPrecision precision) =>
        precision switch
        {
            WeightPrecision.Bf16 => "bf16",
            WeightPrecision.Fp16 => "fp16",
            _ => "fp32",
        };

    /// <summary>Reads a name of the command line.</summary>
    /// <exception cref="InputException">There is no such precision.</exception>
    public static WeightPrecision Parse(string name) =>
        name.ToLowerInvariant() switch
        {
            "fp32" => WeightPrecision.Fp32,
            "bf16" => WeightPrecision.Bf16,
            "fp16" => WeightPrecision.Fp16,
            _ => throw new InputException($"There is no precision '{name}'; use fp32, bf16 or fp16."),
        };
}
