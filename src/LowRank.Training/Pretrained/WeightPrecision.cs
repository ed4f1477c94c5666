namespace LowRank.Training.Pretrained;

/// <summary>The types in which weights are exported.</summary>
public enum WeightPrecision
{
    /// <summary>32-bit floats: exactly what the checkpoint holds.</summary>
    Fp32,

    /// <summary>bfloat16: the range of a 32-bit float, eight binary digits.</summary>
    Bf16,

    /// <summary>16-bit floats: eleven binary digits, up to 65,504.</summary>
    Fp16,
}
